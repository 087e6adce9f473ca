// Asking: Enter sends, Stop stops, and a citation shows its passage while it is pointed at. All of it works without.
const $ = (selector, root = document) => root.querySelector(selector);

document.addEventListener("keydown", (e) => {
  if (!e.target.matches?.("[data-enter-submit]") || e.key !== "Enter" || e.shiftKey || e.isComposing) return;
  e.preventDefault();
  e.target.form.requestSubmit();
});
/* where to look, in words, while it is being picked */
document.addEventListener("change", (e) => {
  const scope = e.target.closest?.("[data-scope]");
  if (!scope) return;
  const says = $("[data-scope-says]", scope);
  says.textContent = [...scope.querySelectorAll(":checked")].map((one) => $(".truncate", one.parentElement).textContent).join(", ") || says.dataset.scopeSays;
});
const box = $("[data-enter-submit][autofocus]");
box?.setSelectionRange(box.value.length, box.value.length);

document.addEventListener("click", (e) => {
  const stop = e.target.closest("[data-abort]");
  if (stop) window.htmx.trigger($(stop.dataset.abort), "htmx:abort");
});

/* the card of a citation */
let timer, owner;
function show(chip) {
  clearTimeout(timer);
  const source = chip.closest("[data-answer]")?.querySelector(`template[data-source="${chip.dataset.n}"]`);
  if (!source) return;
  timer = setTimeout(() => {
    const card = $("#hovercard");
    owner?.removeAttribute("aria-describedby");
    owner = chip;
    card.replaceChildren(source.content.cloneNode(true));
    card.showPopover();
    document.dispatchEvent(new Event("mainstem:fresh"));
    const at = chip.getBoundingClientRect(), size = card.getBoundingClientRect();
    card.style.left = `${Math.max(12, Math.min(innerWidth - size.width - 12, at.left - 16))}px`;
    card.style.top = `${at.bottom + size.height + 12 < innerHeight ? at.bottom + 6 : Math.max(8, at.top - size.height - 6)}px`;
    chip.setAttribute("aria-describedby", "hovercard");
  }, 120);
}
function hide(soon = 160) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const card = $("#hovercard");
    if (card?.matches(":popover-open")) card.hidePopover();
    owner?.removeAttribute("aria-describedby");
    owner = null;
  }, soon);
}
const chipOf = (e) => e.target.closest?.("a.cite");
document.addEventListener("pointerover", (e) => {
  if (e.pointerType === "touch") return;
  const chip = chipOf(e);
  if (chip) show(chip); else if (e.target.closest?.("#hovercard")) clearTimeout(timer);
});
document.addEventListener("pointerout", (e) => { if (chipOf(e) || e.target.closest?.("#hovercard")) hide(); });
document.addEventListener("focusin", (e) => { const chip = chipOf(e); if (chip?.matches(":focus-visible")) show(chip); });
document.addEventListener("focusout", (e) => { if (chipOf(e)) hide(60); });
document.addEventListener("keydown", (e) => { if (e.key === "Escape") hide(0); });
