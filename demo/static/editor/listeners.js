/** Tells those who listen. */
export class Listeners {
  #listeners = new Map();

  on(name, listener) {
    if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
    this.#listeners.get(name).add(listener);
  }

  emit(name, ...details) {
    for (const listener of this.#listeners.get(name) ?? []) listener(...details);
  }
}
