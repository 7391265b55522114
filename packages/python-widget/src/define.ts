/** Registers `<pocket-python>` by being loaded: `<script type="module" src="…/define.js">` is all that a page needs. */
import { definePocketPython } from "./pocket-python-element.ts";

definePocketPython();
