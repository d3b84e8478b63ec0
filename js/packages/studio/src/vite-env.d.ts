declare module "dacapo/dacapo.wasm?url" {
  const url: string;
  export default url;
}
declare module "bpmn-auto-layout" {
  export function layoutProcess(xml: string): Promise<string>;
}
