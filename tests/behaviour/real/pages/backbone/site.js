var TodoView = Backbone.View.extend({
  tagName: 'li',
  template: Handlebars.compile('<span class="{{#if done}}done{{/if}}">{{title}}</span>'),
  render: function () { this.$el.html(this.template(this.model.toJSON())); return this; }
});
var todos = new TodoList([{ title: 'Buy milk', done: true }, { title: 'Sleep' }]);
todos.each(function (todo) { $('#todos').append(new TodoView({ model: todo }).render().el); });
ko.applyBindings({ name: ko.observable('Ada') });
CodeMirror.fromTextArea(document.getElementById('code'), { mode: 'javascript', theme: 'monokai', lineNumbers: true });
document.getElementById('day').appendChild(new Pikaday({ defaultDate: moment('2026-02-14').toDate(), setDefaultDate: true }).el);
