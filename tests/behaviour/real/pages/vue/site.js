var app = Vue.createApp({
  data: function () {
    return { message: 'Hello Vue!', count: 0, groceries: _.map(['Vegetables', 'Cheese'], function (text, id) { return { id: id, text: text }; }) };
  },
  components: { 'todo-item': TodoItem },
}).mount('#app');
app.count = 3;
