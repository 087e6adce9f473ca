// A document as it is read: copying code and links to headings, pictures that fail, and where in the text one is.
import { copy } from "./copying.js";

const icon = (name) => `<svg class="icon" aria-hidden="true"><use href="${document.body.dataset.icons}#${name}"/></svg>`;

/* code can be copied; what is wider than its place can be scrolled by keys */
for (const pre of document.querySelectorAll(".prose pre")) {
  const block = Object.assign(document.createElement("div"), { className: "codeblock" });
  const button = Object.assign(document.createElement("button"), { className: "btn sm square", type: "button", innerHTML: icon("copy") });
  button.setAttribute("aria-label", "Copy code");
  button.dataset.tip = "end";
  button.addEventListener("click", () => copy(pre.innerText, "Code copied"));
  pre.replaceWith(block);
  block.append(pre, button);
}
for (const wide of document.querySelectorAll(".prose :is(pre, table)"))
  if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;

/* a heading leads to itself, and says so when it is pointed at */
for (const heading of document.querySelectorAll(".doc :is(h1, h2, h3, h4, h5, h6)[id]")) {
  const link = Object.assign(document.createElement("a"), { className: "to-here", href: `#${encodeURIComponent(heading.id)}`, innerHTML: icon("link") });
  link.setAttribute("aria-label", `Copy link to “${heading.textContent}”`);
  link.addEventListener("click", () => copy(link.href, "Link copied"));
  heading.append(link);
}

/* pictures that cannot be shown here become links to where they are */
function stand(image) {
  const link = Object.assign(document.createElement("a"), { href: image.src, textContent: image.alt || "Picture", className: "pending" });
  image.replaceWith(image.closest("a") ? link.textContent : link);
}
for (const image of document.querySelectorAll(".prose img")) {
  image.addEventListener("error", () => stand(image));
  if (image.complete && !image.naturalWidth && image.currentSrc) stand(image);
}

/* table of contents: mark the section in view */
const toc = document.querySelector(".toc");
if (toc) {
  const links = new Map([...toc.querySelectorAll("a")].map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
  const heads = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const mark = () => {
    let current = heads[0];
    for (const head of heads) if (head.getBoundingClientRect().top < 120) current = head;
    for (const [id, a] of links) id === current?.id ? a.setAttribute("aria-current", "location") : a.removeAttribute("aria-current");
  };
  addEventListener("scroll", mark, { passive: true });
  mark();
}
