// A word from the server or from a button, which goes away by itself.
const icon = (id) => `<svg class="icon" aria-hidden="true"><use href="${document.body.dataset.icons}#${id}"/></svg>`;
export function toast(text, { kind = "ok" } = {}) {
  const region = document.getElementById("toasts");
  const box = document.createElement("div");
  box.className = `toast ${kind}`;
  box.innerHTML = icon(kind === "bad" ? "circle-alert" : "circle-check");
  box.append(Object.assign(document.createElement("span"), { textContent: text }));
  if (region.showPopover) { region.hidePopover?.(); region.showPopover(); } // stay above an open dialog
  region.append(box);
  setTimeout(() => box.remove(), 4000);
}
