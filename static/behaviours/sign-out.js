// Whoever signs out leaves no drafts behind on a shared machine.
import { forgetAll } from "./drafts.js";

export default function signOut(form) {
  form.addEventListener("submit", forgetAll);
}
