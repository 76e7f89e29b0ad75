/** Swagger UI is dark under a class on the page, which is set if the visitor's system is dark. */
const dark = window.matchMedia('(prefers-color-scheme: dark)');

function follow() {
  document.documentElement.classList.toggle('dark-mode', dark.matches);
}

follow();
dark.addEventListener('change', follow);
