// What axe finds. Contrast takes it most of its time, so of places that look alike it measures a few.
window.looks = (() => {
  // No page has frames, sounds or films: nothing is fetched for rules about them.
  const quickly = { resultTypes: ["violations"], iframes: false, preload: false };
  const contrast = "color-contrast";

  // A short name of a text, the same on every page: 53 bits, which thousands of looks do not fill.
  const short = (text) => {
    let low = 0xdeadbeef, high = 0x41c6ce57;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      low = Math.imul(low ^ code, 2654435761);
      high = Math.imul(high ^ code, 1597334677);
    }
    low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
    high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
    return (4294967296 * (2097151 & high) + (low >>> 0)).toString(36);
  };

  // Alike: the same kind of element, in the same letters, on the same grounds. Grounds are all above that
  // paint, veil or are moved; what only holds others changes no contrast, whatever it is called.
  // Of those that were met `most` times, on this page or on others, none is chosen again.
  const places = (most, others = {}) => {
    const grounds = new Map(), met = {}, chosen = new Set();
    const ground = (element) => {
      if (!element) return "";
      if (!grounds.has(element)) {
        const style = getComputedStyle(element), under = ground(element.parentElement);
        const paint = [
          style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode,
        ].join("|");
        const place = [style.position, style.float, style.transform, style.clipPath].join("|");
        const still = place === "static|none|none|none";
        const plain = still && paint === "rgba(0, 0, 0, 0)|none|1|none|normal";
        const moved = still ? "" : [element.tagName, element.getAttribute("class"), place].join("|");
        grounds.set(element, plain ? under : short([under, paint, moved].join("|")));
      }
      return grounds.get(element);
    };
    const seen = (element) => {
      const style = getComputedStyle(element);
      return short([
        ground(element), element.tagName, element.getAttribute("type"), element.matches(":disabled"),
        element.getAttribute("aria-disabled"), style.color, style.fill, style.fontSize,
        style.fontWeight, style.textShadow,
      ].join("|"));
    };
    const meet = (element) => {
      if (chosen.has(element) || !element.checkVisibility({ visibilityProperty: true })) return;
      const look = seen(element), before = (others[look] ?? 0) + (met[look] ?? 0);
      if (before >= most) return;
      met[look] = (met[look] ?? 0) + 1;
      chosen.add(element);
    };
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      if (words.currentNode.data.trim()) meet(words.currentNode.parentElement);
    }
    document.querySelectorAll("input, select, textarea, button").forEach(meet);
    return { chosen: [...chosen], met };
  };

  const run = async (rules, most, others) => {
    const wanted = rules ?? axe.getRules().map((rule) => rule.ruleId);
    const found = [];
    const rest = rules
      ? { runOnly: rules.filter((rule) => rule !== contrast) }
      : { rules: { [contrast]: { enabled: false } } };
    if (!rules || rest.runOnly.length) {
      found.push(...(await axe.run(document, { ...quickly, ...rest })).violations);
    }
    const { chosen, met } = wanted.includes(contrast) ? places(most, others) : { chosen: [], met: {} };
    if (chosen.length) {
      const only = { ...quickly, runOnly: [contrast] };
      found.push(...(await axe.run({ include: chosen }, only)).violations);
    }
    return { found, met };
  };

  // All that is looked at in one go. The widths are taken first, and what opens has its turn to answer.
  const look = async (rules, most, others) => {
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
    await new Promise((done) => setTimeout(done));
    const root = document.documentElement;
    return {
      wide: root.scrollWidth - root.clientWidth,
      frames: document.querySelectorAll("iframe, audio, video").length,
      language: root.getAttribute("lang"),
      bytes: performance.getEntriesByType("navigation")[0].decodedBodySize,
      ...(await run(rules, most, others)),
    };
  };

  return { look, run, places };
})();
