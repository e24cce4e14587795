/* [data-keep-place], a link or form: the post that the address names (#post-17) is still named after it. */
for (const way of document.querySelectorAll("[data-keep-place]")) {
  const name = way instanceof HTMLFormElement ? "action" : "href";
  if (/^#post-\d+$/.test(location.hash)) way.setAttribute(name, way.getAttribute(name) + location.hash);
}
