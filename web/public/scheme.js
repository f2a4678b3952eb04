// Before anything is drawn: the colour scheme that was chosen, so that nothing flashes. Without a choice the system decides.
(() => {
  const chosen = localStorage.getItem('muster.scheme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.setAttribute('data-mantine-color-scheme', chosen);
})();
