// Into the clipboard, which browsers open to pages that came safely alone.
import { toast } from "./toast.js";

export async function copy(text, done) {
  try { await navigator.clipboard.writeText(text); toast(done); }
  catch { toast("Copying needs HTTPS or localhost", { kind: "bad" }); }
}
