/** Text files that the guest's bundle holds, read by esbuild's text loader. */
declare module "*.py" {
  const text: string;
  export default text;
}
