// Entry point. Everything here is enhancement: each page works as plain HTML forms and links.
import "./palette.js";
import "./pick-list.js";
import { toast } from "./toast.js";
import { copy } from "./copying.js";

const $ = (selector, root = document) => root.querySelector(selector);
const typing = (element) => element?.closest?.("input, textarea, select, [contenteditable]");

/* keys by the names they have on this keyboard */
if (!/Mac|iPhone|iPad/.test(navigator.platform))
  for (const key of document.querySelectorAll("kbd")) key.textContent = key.textContent.replace("⌘", "Ctrl ");

/* theme: a cookie the server reads, so there is no flash and no inline script */
function setTheme(value) {
  if (value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
  document.cookie = `theme=${value}; path=/; max-age=31536000; samesite=lax`;
  for (const b of document.querySelectorAll("[data-theme-set]")) b.setAttribute("aria-pressed", b.dataset.themeSet === value);
}

/* a chip that is removed unticks its box, so that the form asks again; without scripts it is a link */
function uncheck(event, chip) {
  const box = [...document.querySelectorAll(`input[name="${chip.dataset.uncheck}"]`)].find((one) => one.value === chip.dataset.value);
  if (!box) return;
  event.preventDefault();
  box.checked = false;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}
document.addEventListener("click", (e) => {
  const theme = e.target.closest("[data-theme-set]");
  if (theme) setTheme(theme.dataset.themeSet);
  const chip = e.target.closest("[data-uncheck]");
  if (chip) uncheck(e, chip);
});

/* with scripts an answer is watched while it is written; without, the page waits for the whole of it */
const watch = () => { for (const field of document.querySelectorAll("[data-live]")) field.value = "1"; };
watch();
document.addEventListener("htmx:after:swap", watch);

/* keyboard: "/" focus search, "?" help, g-then-key to go, j/k through results, Cmd/Ctrl+K palette */
let chord = 0;
const places = { s: "/search", a: "/ask", c: "/connections" };
document.addEventListener("keydown", (e) => {
  const palette = $("command-palette");
  if ((e.metaKey || e.ctrlKey) && e.key.toLowerCase() === "k" && palette) { e.preventDefault(); palette.toggle(); return; }
  if (e.metaKey || e.ctrlKey || e.altKey || typing(e.target) || $("dialog[open]")) return;
  if (chord && Date.now() - chord < 900 && $(`.nav a[href="${places[e.key]}"]`)) { location.href = places[e.key]; return; }
  chord = e.key === "g" ? Date.now() : 0;
  if (e.key === "/") { e.preventDefault(); if ($("#q")) $("#q").focus(); else palette?.toggle(); }
  if (e.key === "?") $("#shortcuts")?.showModal();
  if (e.key === "j" || e.key === "k") {
    const links = [...document.querySelectorAll(".result h2 a")];
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    links[Math.max(0, Math.min(links.length - 1, at + (e.key === "j" ? 1 : -1)))].focus();
  }
});

/* <copy-button value="href"> copies the address of the page, any other value itself */
customElements.define("copy-button", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", () => {
      const value = this.getAttribute("value") ?? "href";
      copy(value === "href" ? location.href : value, this.getAttribute("done") ?? "Copied to clipboard");
    });
  }
});

/* relative times stay honest while a page is open; the exact one is the tip */
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });
function ago(then) {
  const seconds = (then - Date.now()) / 1000;
  for (const [unit, length] of [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]])
    if (Math.abs(seconds) >= length) return words.format(Math.round(seconds / length), unit);
  return "just now";
}
function tick() {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const then = new Date(time.dateTime), said = ago(then);
    if (time.textContent !== said) time.textContent = said;
    time.title ||= exact.format(then);
  }
}
tick();
setInterval(tick, 30_000);

/* server-sent toasts (HX-Trigger: {"toast": "Saved"}), and answers that did not come */
document.addEventListener("toast", (e) => toast(e.detail?.value ?? e.detail, e.detail));
document.addEventListener("htmx:error", (e) => { if (e.detail?.error?.name !== "AbortError" && !String(e.detail?.error).includes("abort")) toast("Could not reach the server. Try again in a moment.", { kind: "bad" }); });
document.addEventListener("htmx:response:error", (e) => { if (e.detail?.ctx?.response?.status >= 500) toast("Something went wrong here. Try again in a moment.", { kind: "bad" }); });
document.addEventListener("htmx:after:swap", tick);
document.addEventListener("mainstem:fresh", tick);

/* invoker commands for browsers that lack them */
if (!("commandForElement" in HTMLButtonElement.prototype))
  document.addEventListener("click", (e) => {
    const button = e.target.closest("[commandfor]"); if (!button) return;
    const target = document.getElementById(button.getAttribute("commandfor"));
    ({ "show-modal": () => target.showModal(), close: () => target.close() })[button.getAttribute("command")]?.();
  });
/* click on the backdrop closes a dialog everywhere */
document.addEventListener("click", (e) => { if (e.target instanceof HTMLDialogElement && e.target.open) e.target.close(); });
