const MOST = 200;

/** A pile that forgets what lies lowest. */
export class Stack {
  #items = [];

  get size() {
    return this.#items.length;
  }

  push(item) {
    this.#items.push(item);
    if (this.#items.length > MOST) this.#items.shift();
  }

  pop() {
    return this.#items.pop();
  }

  clear() {
    this.#items = [];
  }
}
