// Places for the elements of a model that has none. Loaded only for such models.
import { layoutProcess } from "bpmn-auto-layout";

export const layout = (xml: string): Promise<string> => layoutProcess(xml);
