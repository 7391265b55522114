/** A frame of a stack trace as V8 writes it, with a position of our own. */

/** V8's CallSite, as far as it is used here. */
export interface CallSite {
  getThis?(): unknown;
  getTypeName(): string | null;
  getFunctionName(): string | null;
  getMethodName(): string | null;
  getFileName(): string | null | undefined;
  getScriptNameOrSourceURL(): string | null | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  getEvalOrigin(): string | undefined;
  isToplevel(): boolean;
  isEval(): boolean;
  isNative(): boolean;
  isConstructor(): boolean;
  isAsync(): boolean;
  isPromiseAll(): boolean;
  toString(): string;
}

/**
 * The text of a frame after "at ".
 * @param location file, line and column
 * @param functionName the name to show, or null for module code
 */
export function formatCallSite(site: CallSite, location: string, functionName: string | null): string {
  const prefix = site.isAsync() ? "async " : "";
  if (functionName === null && !site.isConstructor() && (site.isToplevel() || site.isAsync())) return prefix + location;
  if (site.isConstructor()) return `new ${functionName ?? "<anonymous>"} (${location})`;
  if (site.isToplevel() || site.isAsync()) return `${prefix}${functionName} (${location})`;
  return `${methodText(site, functionName)} (${location})`;
}

function methodText(site: CallSite, functionName: string | null): string {
  const typeName = site.getTypeName();
  const methodName = site.getMethodName();
  if (functionName === null) return `${typeName ?? "Object"}.${methodName ?? "<anonymous>"}`;
  const qualified =
    typeName !== null && !functionName.startsWith(typeName) ? `${typeName}.${functionName}` : functionName;
  const isAlias = methodName !== null && functionName !== methodName && !functionName.endsWith(`.${methodName}`);
  return isAlias ? `${qualified} [as ${methodName}]` : qualified;
}
