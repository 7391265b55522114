/** The echo tool as an MCP server over standard streams. */
import { createPocketHandle, serveMcpStdio } from "@toolpocket/mcp";
import { createEchoPocket } from "../echo-pocket.ts";

await using pocket = createEchoPocket();
await serveMcpStdio(createPocketHandle(pocket));
