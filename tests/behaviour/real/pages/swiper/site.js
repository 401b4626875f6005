swiper.slideTo(1);
noUiSlider.create(document.getElementById('slider'), { start: [20, 80], connect: true, range: { min: 0, max: 100 }, animate: false });
Sortable.create(document.querySelector('.swiper-wrapper'), { animation: 0 });
