// The chat's entry: hands its one function to the loader through the script tag that the loader made; no
// globals.
import { mount } from "./app.js";

document.currentScript.parleyMount(mount);
