/** The fake invoker keeps the contract that it stands in for. */
import { createFakeInvoker } from "../src/fake-invoker.ts";
import { invokerContract } from "../src/invoker-contract.ts";

invokerContract("createFakeInvoker()", createFakeInvoker, { runtimes: ["node"] });
