// A printed paper's page: the browser's own print gives the paper.

document.querySelector('[data-act="print"]').addEventListener("click", () => window.print());
