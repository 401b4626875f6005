var TodoItem = { props: ['todo'], template: '<li>{{ todo.text }}</li>' };
