/** Tells a component from a core module by the first eight bytes. */

/** `\0asm`, then the version and the layer: 1 for a component. */
const COMPONENT_PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00] as const;
export const PREAMBLE_BYTES = COMPONENT_PREAMBLE.length;

/** Whether the bytes begin as a component of the component model does. */
export function isComponent(bytes: Uint8Array): boolean {
  return COMPONENT_PREAMBLE.every((byte, index) => bytes[index] === byte);
}
