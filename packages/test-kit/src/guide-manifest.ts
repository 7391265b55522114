/** The manifest of Orloj's guide for WASM tools, as it stands there. */

/** Names `my-tool.wasm` by an absolute path; the module of that name in the tool's own folder is taken. */
export const GUIDE_MANIFEST = `apiVersion: orloj.dev/v1
kind: Tool
metadata:
  name: my-wasm-tool
spec:
  type: wasm
  wasm:
    module: /opt/orloj/tools/my-tool.wasm
    entrypoint: run
    max_memory_bytes: 67108864   # 64 MB (default)
    fuel: 1000000                # Execution step limit (default: 1M)
    enable_wasi: true            # Required for stdin/stdout
  capabilities:
    - wasm.my-tool.invoke
  risk_level: low
  runtime:
    isolation_mode: wasm
    timeout: 5s
`;
