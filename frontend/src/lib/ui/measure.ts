/** Tells how large an element is inside, now and whenever that changes: `{@attach measure((width, height) => …)}`. */
export const measure = (take: (width: number, height: number) => void) => (element: Element) => {
  const look = () => take(element.clientWidth, element.clientHeight);
  look();
  const observer = new ResizeObserver(look);
  observer.observe(element);
  return () => observer.disconnect();
};
