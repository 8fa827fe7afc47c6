// An article's own page.
const article = new Reader(document.getElementById('reader'), DATA.speakers, (n) => `article-${String(n).padStart(6, '0')}.html`, 'h1');
article.show(DATA.head, DATA.s);
function followHash() {
  const found = /^#s(\d+)$/.exec(window.location.hash);
  if (found) article.go(Number(found[1]));
}
window.addEventListener('hashchange', followHash);
followHash();
