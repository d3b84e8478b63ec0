// Errors of the package itself look like those of the core: with a name and a code.
export const problem = (code, message, cause) =>
  Object.assign(new Error(message, { cause }), { name: "DacapoError", code });
