// [data-zone-guess]: where the device goes by another clock than the one in use (the attribute's value), offers to choose
// that one. Nothing is chosen, or sent, by itself.
(() => {
  const place = document.querySelector("[data-zone-guess]");
  if (!place) return;
  const zones = place.querySelector("select");
  const offer = place.querySelector("[hidden]");
  const guess = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = [...zones.options].find((option) => option.value === guess);
  if (!known || guess === place.dataset.zoneGuess || zones.value === guess) return;
  offer.querySelector("[data-zone-name]").textContent = known.textContent;
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    zones.value = guess;
    offer.hidden = true;
    zones.focus();
  });
})();
