/* Runs before anything is painted: the chosen theme, if one was chosen. */
const theme = localStorage.getItem("callsheet:theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
