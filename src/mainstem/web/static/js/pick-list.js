// A list to tick in: find by words, tick all that is shown or none, and told what is ticked. Without scripts it is the list alone.
customElements.define("pick-list", class extends HTMLElement {
  connectedCallback() {
    const rows = [...this.querySelectorAll("[data-words]")], box = (row) => row.querySelector("[type=checkbox]");
    const told = this.querySelector("[data-told]"), number = new Intl.NumberFormat(document.documentElement.lang);
    const tell = () => {
      const ticked = rows.map(box).filter((one) => one.checked);
      const pages = ticked.reduce((sum, one) => sum + Number(one.dataset.pages), 0);
      told.textContent = `${number.format(ticked.length)} of ${number.format(rows.length)} ${this.dataset.unit}, ${number.format(pages)} pages`;
    };
    const tick = (on) => { for (const row of rows) if (!row.hidden) box(row).checked = on; tell(); };
    this.querySelector("[data-find]").addEventListener("input", (e) => {
      const words = e.target.value.trim().toLowerCase();
      for (const row of rows) row.hidden = !row.dataset.words.includes(words);
    });
    this.querySelector("[data-find]").addEventListener("keydown", (e) => { if (e.key === "Enter") e.preventDefault(); });
    this.querySelector("[data-all]").addEventListener("click", () => tick(true));
    this.querySelector("[data-none]").addEventListener("click", () => tick(false));
    this.addEventListener("change", tell);
    this.querySelector(".pick-bar").hidden = false;
    tell();
  }
});
