// Operators and their values while somebody types them (combobox pattern, as in the palette): the text stays theirs.
customElements.define("search-completion", class extends HTMLElement {
  connectedCallback() {
    this.input = document.getElementById(this.getAttribute("for")); this.list = this.querySelector("[role=listbox]");
    for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", this.list.id], ["aria-autocomplete", "list"]]) this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.ask());
    this.input.addEventListener("keydown", (e) => this.key(e));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (e) => { e.preventDefault(); this.take(e.target.closest("[role=option]")); });
  }
  async ask() {
    const at = this.input.selectionStart, text = this.input.value.slice(0, at), last = /\S*$/.exec(text)[0];
    // Only what may become an operator is worth asking about.
    if (!/^-?([a-z]{2,}|[a-z]+:.*)$/i.test(last) && !/[a-z]+:"[^"]*$/i.test(text)) return this.close();
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const answer = await fetch(`/search/complete?q=${encodeURIComponent(text)}`, { signal: this.asked.signal, headers: { "HX-Request": "true", "HX-Request-Type": "partial" } });
      if (!answer.ok || document.activeElement !== this.input) return this.close();
      this.show(await answer.text(), at);
    } catch { /* a newer one is on its way */ }
  }
  show(html, at) {
    this.list.innerHTML = html;
    this.at = at;
    const any = this.options().length > 0;
    this.list.hidden = !any;
    this.input.setAttribute("aria-expanded", any);
    this.input.removeAttribute("aria-activedescendant");
  }
  close() { this.asked?.abort(); this.show("", 0); }
  options() { return [...this.list.querySelectorAll("[role=option]")]; }
  selected() { return this.list.querySelector("[aria-selected=true]"); }
  key(e) {
    if (this.list.hidden) return;
    const all = this.options(), i = all.indexOf(this.selected());
    if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); this.select(all[(i + (e.key === "ArrowDown" ? 1 : i < 0 ? 0 : -1) + all.length) % all.length]); }
    else if (e.key === "Tab" && !e.shiftKey) { e.preventDefault(); this.take(this.selected() ?? all[0]); }
    else if (e.key === "Enter") { if (this.selected()) { e.preventDefault(); this.take(this.selected()); } else this.close(); }
    else if (e.key === "Escape") { e.preventDefault(); this.close(); }
  }
  select(option) {
    this.selected()?.setAttribute("aria-selected", "false");
    option.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }
  take(option) {
    if (!option) return;
    const text = option.dataset.text;
    this.input.value = text + this.input.value.slice(this.at).trimStart();
    this.input.setSelectionRange(text.length, text.length);
    this.close();
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
