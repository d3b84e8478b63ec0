//! Finding one's way in a world: a path is the number of an instance and then the place inside, and so on.

use super::world::{Place, World};

/// The way to a place.
pub type Path = Vec<usize>;

/// Lists the ways to all places, from the outside in.
pub fn paths(world: &World) -> Vec<Path> {
    let mut found = Vec::new();
    for (number, place) in &world.instances {
        collect(place, vec![*number], &mut found);
    }
    found
}

/// Returns a place.
///
/// # Panics
/// There is none.
pub fn at<'a>(world: &'a World, path: &[usize]) -> &'a Place {
    let root = &world.instances[&path[0]];
    path[1..].iter().fold(root, |place, index| &place.inside[*index])
}

/// Returns a place to change.
///
/// # Panics
/// There is none.
pub fn at_mut<'a>(world: &'a mut World, path: &[usize]) -> &'a mut Place {
    let root = world.instances.get_mut(&path[0]).expect("an instance");
    path[1..].iter().fold(root, |place, index| &mut place.inside[*index])
}

/// Takes a place out of the world and returns the way to the scope around it; none for an instance.
pub fn remove<'a>(world: &mut World, path: &'a [usize]) -> Option<&'a [usize]> {
    let (last, around) = path.split_last().expect("a way");
    if around.is_empty() {
        world.instances.remove(last);
        return None;
    }
    at_mut(world, around).inside.remove(*last);
    Some(around)
}

/// Finds a variable from a place outwards.
pub fn variable(world: &World, path: &[usize], name: &str) -> Option<i64> {
    holder(world, path, name).map(|path| at(world, path).variables[name])
}

/// Writes a variable where it is found from a place outwards, else into the instance.
pub fn assign(world: &mut World, path: &[usize], name: &str, value: i64) {
    let path = holder(world, path, name).unwrap_or(&path[..1]);
    at_mut(world, path).variables.insert(name.into(), value);
}

fn holder<'a>(world: &World, path: &'a [usize], name: &str) -> Option<&'a [usize]> {
    let outwards = (1..=path.len()).rev().map(|length| &path[..length]);
    outwards.into_iter().find(|path| at(world, path).variables.contains_key(name))
}

fn collect(place: &Place, path: Path, found: &mut Vec<Path>) {
    found.push(path.clone());
    for (index, inner) in place.inside.iter().enumerate() {
        let mut path = path.clone();
        path.push(index);
        collect(inner, path, found);
    }
}
