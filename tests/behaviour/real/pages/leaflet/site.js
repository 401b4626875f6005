var map = L.map('map', { maxZoom: 18, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false }).setView([51.505, -0.09], 13);
L.marker([51.5, -0.09]).addTo(map).bindPopup('A pretty popup.').openPopup();
L.circle([51.508, -0.11], { color: 'red', fillColor: '#f03', fillOpacity: 0.5, radius: 500 }).addTo(map);
var clusters = L.markerClusterGroup({ animate: false });
clusters.addLayers([L.marker([51.51, -0.08]), L.marker([51.511, -0.081]), L.marker([51.5105, -0.0805])]);
map.addLayer(clusters);
function onMapClick(e) {
  L.popup().setLatLng(e.latlng).setContent('You clicked the map at ' + e.latlng.toString()).openOn(map);
}
map.on('click', onMapClick);
