/** The folder of this package: its own files are found from here, wherever in it the code stands that asks. */
export const PACKAGE_FOLDER = new URL("..", import.meta.resolve("toolpocket"));
