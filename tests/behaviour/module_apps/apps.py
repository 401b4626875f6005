"""Applications without a build, as people write them: one module that imports packages by their names."""

APPS = {
    "lit": """
import { LitElement, html, css } from "lit";
import { repeat } from "lit/directives/repeat.js";
class Greeting extends LitElement {
  static properties = { name: {} };
  static styles = css`p { color: green }`;
  render() { return html`<p>Hi ${this.name}</p>${repeat([1, 2], i => i, i => html`<b>${i}</b>`)}` }
}
customElements.define("a-greeting", Greeting);
const greeting = document.createElement("a-greeting");
greeting.name = "you";
document.getElementById("one").append(greeting);
greeting.updateComplete.then(() => log.push(greeting.shadowRoot.textContent.trim()));
log.push(Greeting.name, LitElement.name);
""",
    "preact": """
import { h, render } from "preact";
import { useState, useEffect } from "preact/hooks";
import htm from "htm";
const html = htm.bind(h);
function App() {
  const [count, setCount] = useState(0);
  useEffect(() => setCount(1), []);
  return html`<p class="count">${count}</p>`;
}
render(html`<${App}/>`, document.getElementById("one"));
log.push(App.name, h.name);
""",
    "vue": """
import { createApp, ref, computed } from "vue/dist/vue.esm-browser.prod.js";
createApp({
  setup() { const count = ref(2); return { count, double: computed(() => count.value * 2) } },
  template: "<p>{{ count }} {{ double }}</p>",
}).mount("#one");
""",
    "three": """
import * as THREE from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
const scene = new THREE.Scene();
scene.add(new THREE.Mesh(new THREE.BoxGeometry(1, 2, 3), new THREE.MeshBasicMaterial({ color: 0xff0000 })));
const box = new THREE.Box3().setFromObject(scene);
log.push(scene.children.length, box.max.toArray().join(), THREE.BoxGeometry.name, OrbitControls.name);
""",
    "d3": """
import * as d3 from "d3";
d3.select("#one").append("svg").selectAll("circle").data([1, 2, 3]).join("circle").attr("r", d => d * 5);
d3.select("svg").transition().duration(0).attr("width", 200).on("end", () => log.push("moved"));
log.push(d3.max([1, 4, 2]), d3.format(".2f")(1.2345), d3.scaleLinear([0, 10], ["red", "blue"])(5));
""",
    "codemirror": """
import { EditorView, basicSetup } from "codemirror";
import { javascript } from "@codemirror/lang-javascript";
const view = new EditorView({
  doc: "let answer = 42", extensions: [basicSetup, javascript()], parent: document.getElementById("one"),
});
log.push(view.state.doc.toString(), EditorView.name);
""",
    "shoelace": """
import "@shoelace-style/shoelace/dist/components/button/button.js";
import "@shoelace-style/shoelace/dist/components/dialog/dialog.js";
document.getElementById("one").innerHTML = "<sl-button variant=primary>Press</sl-button>";
customElements.whenDefined("sl-button").then(constructor => log.push("defined", constructor.name));
""",
    "stimulus and turbo": """
import { Application, Controller } from "@hotwired/stimulus";
import * as Turbo from "@hotwired/turbo";
class Hello extends Controller { connect() { log.push("connected", this.identifier, this.constructor.name) } }
document.getElementById("two").dataset.controller = "hello";
Application.start().register("hello", Hello);
log.push(customElements.get("turbo-frame").name, typeof Turbo.visit);
""",
    "lodash": """
import _, { debounce, chunk, template } from "lodash-es";
log.push(JSON.stringify(chunk([1, 2, 3], 2)), _.VERSION, debounce.name, template("Hi <%= name %>")({ name: "you" }));
""",
    "date-fns": """
import { format, addDays } from "date-fns";
import { de } from "date-fns/locale";
log.push(format(addDays(new Date(2020, 1, 1), 3), "PPP", { locale: de }));
""",
    "chart": """
import { Chart, registerables } from "chart.js";
Chart.register(...registerables);
const canvas = document.createElement("canvas");
document.getElementById("two").append(canvas);
const chart = new Chart(canvas, {
  type: "bar", options: { animation: false, responsive: false },
  data: { labels: ["a", "b"], datasets: [{ data: [1, 2] }] },
});
log.push(Chart.version, Chart.name, chart.getDatasetMeta(0).data.length);
""",
    "swiper": """
import Swiper from "swiper";
import { Navigation, Pagination } from "swiper/modules";
document.getElementById("two").innerHTML =
  "<div class=swiper><div class=swiper-wrapper><div class=swiper-slide>1</div></div></div>";
const swiper = new Swiper(".swiper", { modules: [Navigation, Pagination] });
log.push(swiper.params.speed, Swiper.name, swiper.slides.length);
""",
    "tiptap": """
import { Editor } from "@tiptap/core";
import StarterKit from "@tiptap/starter-kit";
const editor = new Editor({
  element: document.getElementById("one"), extensions: [StarterKit], content: "<h1>Hi</h1><p>you</p>",
});
log.push(editor.getHTML(), editor.commands.insertContent("!"), Editor.name);
""",
}
"""By the name of the application."""
