// A browser remembers which trainings it began: the token of the link, the page, how far it had come. The
// server knows nobody, so that is kept here alone, and the first page lists what was left unfinished. Where
// there is no storage nothing is remembered and nothing is shown.
window.unfinishedRuns ||= setInterval(() => {
  const KEY = "makemore unfinished", MOST = 5, DAYS = 7;
  const over = /^(Finished|Stopped|Diverged|Not started)/;
  let known;
  try { known = JSON.parse(localStorage.getItem(KEY)) ?? []; } catch { return; }
  if (!Array.isArray(known)) known = [];
  known = known.filter(each => Date.now() - each?.at < DAYS * 864e5);
  const here = new URLSearchParams(location.search), run = here.get("run") ?? "";
  const told = document.querySelector("[data-testid=stProgress]")?.innerText.trim();
  const others = document.querySelector("[class*=_watcher]");  // the buttons are in another tab
  if (/^[0-9a-f]{16}$/.test(run) && told && !others) {
    known = known.filter(each => each.run !== run);
    if (!over.test(told)) known.unshift({
      run, told, at: Date.now(), path: location.pathname, step: here.get("step") ?? "",
      title: ["h1", "h2"].map(name => document.querySelector(name)?.innerText.trim()).filter(Boolean).join(", "),
    });
    try { localStorage.setItem(KEY, JSON.stringify(known.slice(0, MOST))); } catch { return; }
  }
  const place = document.querySelector(".unfinished-runs");
  const shown = JSON.stringify(known);
  if (!place || place.dataset.shown === shown) return;
  place.dataset.shown = shown;
  place.replaceChildren();
  if (!known.length) return;
  const head = document.createElement("strong"), list = document.createElement("ul");
  head.textContent = "Left unfinished in this browser";
  for (const each of known) {
    const item = document.createElement("li"), link = document.createElement("a");
    const query = new URLSearchParams({...(each.step && {step: each.step}), run: each.run});
    link.href = `${location.origin}/${String(each.path).replace(/^\/+/, "")}?${query}`;
    link.textContent = each.title;
    item.append(link, ` ${each.told}`);
    list.append(item);
  }
  place.append(head, list);
}, 1000);
