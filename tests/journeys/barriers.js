// What axe finds. Contrast takes it most of its time, so of places that look alike it measures a few.
window.looks = (() => {
  // No page has frames, sounds or films: nothing is fetched for rules about them.
  const quickly = { resultTypes: ["violations"], iframes: false, preload: false };
  const contrast = "color-contrast";

  // Alike: the same elements of the same classes above, on the same grounds, in the same letters.
  const places = (most) => {
    const numbers = new Map(), known = new Map(), met = new Map(), chosen = new Set();
    const number = (text) => numbers.get(text) ?? numbers.set(text, numbers.size).get(text);
    const seen = (element) => {
      if (!element) return -1;
      if (!known.has(element)) {
        const style = getComputedStyle(element);
        known.set(element, number([
          seen(element.parentElement), element.tagName, element.getAttribute("class"),
          style.color, style.backgroundColor, style.backgroundImage, style.opacity, style.position,
          style.fontSize, style.fontWeight, style.textShadow,
        ].join("|")));
      }
      return known.get(element);
    };
    const meet = (element) => {
      if (chosen.has(element)) return;
      const look = seen(element), before = met.get(look) ?? 0;
      met.set(look, before + 1);
      if (before < most) chosen.add(element);
    };
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      if (words.currentNode.data.trim()) meet(words.currentNode.parentElement);
    }
    document.querySelectorAll("input, select, textarea, button").forEach(meet);
    return [...chosen];
  };

  const run = async (rules, most) => {
    const wanted = rules ?? axe.getRules().map((rule) => rule.ruleId);
    const found = [];
    const others = rules
      ? { runOnly: rules.filter((rule) => rule !== contrast) }
      : { rules: { [contrast]: { enabled: false } } };
    if (!rules || others.runOnly.length) {
      found.push(...(await axe.run(document, { ...quickly, ...others })).violations);
    }
    const include = wanted.includes(contrast) ? places(most) : [];
    if (include.length) {
      found.push(...(await axe.run({ include }, { ...quickly, runOnly: [contrast] })).violations);
    }
    return found;
  };

  return { run, places };
})();
