'use strict';
{
    const still = {zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false};

    function showMap(input) {
        const box = document.createElement('div');
        box.className = 'library-map';
        input.after(box);
        const place = L.latLng(input.value.split(',').map(Number));
        const map = L.map(box, still).setView(place, 13);
        const items = L.featureGroup([L.marker(place)]).addTo(map);
        map.addControl(new L.Control.Draw({draw: {polyline: false, polygon: false}, edit: {featureGroup: items}}));
        map.on(L.Draw.Event.CREATED, function(event) {
            items.addLayer(event.layer);
        });
    }

    window.addEventListener('load', function() {
        document.querySelectorAll('input[name$=place]:not([name*=__prefix__])').forEach(showMap);
    });
}
