"""Show in a page, over it, why one of its regions was not built: for people who work on the site."""

import json

# The text is data; nothing of it is read as HTML. Several regions share the box, which a click or Escape takes away.
_SCRIPT = """<script>(function(text){function show(){
var host=document.querySelector("pressmark-error");
if(!host){host=document.createElement("pressmark-error");
host.attachShadow({mode:"open"}).innerHTML="<style>div{position:fixed;inset:0;z-index:2147483647;overflow:auto;"+
"background:rgba(0,0,0,.66)}section{max-width:56rem;margin:2rem auto;padding:1.5rem 2rem;border-top:8px solid #ff5555;"+
"border-radius:6px 6px 8px 8px;background:#181818;color:#d8d8d8;font:14px/1.5 ui-monospace,Consolas,monospace;"+
"box-shadow:0 19px 38px rgba(0,0,0,.3)}h1{margin:0;font-size:16px;color:#ff5555}pre{white-space:pre-wrap;"+
"overflow-wrap:anywhere;font:inherit}p{color:#999;margin:0}</style><div><section><h1>Pressmark could not build this"+
"</h1><p>The page has it as it was written. Click outside or press Escape to close; mend it and load the page again."+
"</p></section></div>";
var back=host.shadowRoot.querySelector("div"),close=function(){host.remove()};
back.addEventListener("click",function(event){if(event.target===back)close()});
addEventListener("keydown",function(event){if(event.key==="Escape")close()});
document.body.appendChild(host)}
var pre=document.createElement("pre");pre.textContent=text;
var section=host.shadowRoot.querySelector("section");section.insertBefore(pre,section.lastElementChild)}
document.readyState==="loading"?addEventListener("DOMContentLoaded",show):show()})(%s)</script>"""


def overlay_for(text: str) -> bytes:
    """Return an element that shows *text* over its page."""
    # "<" could end the script or begin a comment in it (HTML 4.12.1.3).
    return (_SCRIPT % json.dumps(text, ensure_ascii=True).replace("<", "\\u003c")).encode("ascii")
