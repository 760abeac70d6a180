package dev.gatehouse.rules.sql;

import dev.gatehouse.api.rules.function.FunctionSignature;
import dev.gatehouse.rules.sql.Lexer.Kind;
import dev.gatehouse.rules.sql.Lexer.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Expressions by recursive descent, of bounded depth and size. */
class ExpressionParser extends Tokens {
  private static final int MAX_DEPTH = 100;
  private static final int MAX_NODES = 20_000;

  /** Of one item: what is joined by operators or dots nests as deep as it is long. */
  private static final int MAX_PARTS = 2_000;

  private static final Set<String> ENDS =
      Set.of("as", "from", "where", "and", "or", "then", "when", "else", "end", "select");

  private final SqlVersion version;
  private final ExternalFunctions external;
  final Map<String, Integer> variables = new HashMap<>();
  final RootNames names;
  boolean wholePayload;
  boolean callsOthers;
  final Set<String> roles = new TreeSet<>();
  boolean errorAction;
  private final Set<String> calledOnce = new TreeSet<>();
  private int depth;
  private int nodes;
  private int parts;
  private int nesting;

  ExpressionParser(String sql, SqlVersion version, ExternalFunctions external, RootNames names)
      throws SqlSyntaxException {
    super(sql);
    this.version = version;
    this.external = external;
    this.names = names;
  }

  /** The parts of all expressions so far. */
  final int nodes() {
    return nodes;
  }

  final Expression expression() throws SqlSyntaxException {
    return binary(1);
  }

  /** An expression that nests in no other. */
  final Expression whole() throws SqlSyntaxException {
    parts = 0;
    return expression();
  }

  private Expression binary(int precedence) throws SqlSyntaxException {
    descend();
    if (precedence == 3 && skipWord("NOT")) {
      Expression not = new Expression.Not(binary(3));
      depth--;
      return not;
    }
    Expression left = precedence == 7 ? unary() : binary(precedence + 1);
    Operator operator = operator(precedence);
    while (operator != null) {
      take();
      left = counted(new Expression.Binary(operator, left, binary(precedence + 1)));
      operator = operator(precedence);
    }
    depth--;
    return left;
  }

  private @Nullable Operator operator(int precedence) {
    Token token = peek();
    if (token.kind() != Kind.SYMBOL && token.kind() != Kind.WORD) {
      return null;
    }
    Operator operator = Operator.of(token.text());
    return operator != null && operator.precedence() == precedence ? operator : null;
  }

  /** A level down; a level of an expression takes eight, one per precedence. */
  private void descend() throws SqlSyntaxException {
    if (++depth > MAX_DEPTH * 8) {
      throw error(peek(), "more than " + MAX_DEPTH + " levels of expressions");
    }
  }

  private Expression counted(Expression node) throws SqlSyntaxException {
    if (++parts > MAX_PARTS) {
      throw error(peek(), "more than " + MAX_PARTS + " parts in one expression");
    }
    if (++nodes > MAX_NODES) {
      throw error(peek(), "more than " + MAX_NODES + " parts of expressions");
    }
    return node;
  }

  private Expression unary() throws SqlSyntaxException {
    if (!skip("-")) {
      return postfix();
    }
    descend();
    Expression of = unary();
    depth--;
    if (of instanceof Expression.Literal literal
        && literal.value() instanceof Value.Decimal decimal) {
      return new Expression.Literal(new Value.Decimal(decimal.decimal().negate()));
    }
    if (of instanceof Expression.Literal literal && literal.value() instanceof Value.Int number) {
      return new Expression.Literal(new Value.Int(-number.value()));
    }
    return counted(
        new Expression.Binary(Operator.MINUS, new Expression.Literal(new Value.Int(0)), of));
  }

  private Expression postfix() throws SqlSyntaxException {
    Expression of = counted(primary());
    while (skip(".")) {
      if (peek().kind() != Kind.NUMBER) {
        of = counted(new Expression.Member(of, expect(Kind.WORD, "a name").text()));
      } else {
        throw expected("a name; use get() for members that begin with a digit");
      }
    }
    return of;
  }

  private Expression primary() throws SqlSyntaxException {
    Token token = peek();
    switch (token.kind()) {
      case NUMBER:
        take();
        return new Expression.Literal(number(token));
      case STRING:
        take();
        return new Expression.Literal(new Value.Text(token.text()));
      case VARIABLE:
        take();
        Integer index = variables.get(token.text());
        if (index == null) {
          throw error(token, "variable @" + token.text() + " is not SET");
        }
        return new Expression.Variable(index, token.text());
      case WORD:
        return word();
      default:
        return bracket();
    }
  }

  private Value number(Token token) throws SqlSyntaxException {
    Value value;
    if (token.text().chars().allMatch(Character::isDigit) && token.text().length() <= 2_000) {
      value = Numbers.integer(new java.math.BigInteger(token.text()));
    } else {
      value = Convert.number(new Value.Text(token.text()));
    }
    if (value instanceof Value.Undefined) {
      throw error(token, "number out of range, at most 9.99E999");
    }
    return version.modern() ? Numbers.wholeAsInt(value) : value;
  }

  private Expression bracket() throws SqlSyntaxException {
    if (skip("(")) {
      Expression inner = peek().word("SELECT") ? nested() : expression();
      expect(")");
      return inner;
    }
    if (peek().symbol("[") || peek().symbol("{")) {
      modern("array and object literals");
      return skip("[") ? array() : object();
    }
    throw expected("an expression");
  }

  private void modern(String what) throws SqlSyntaxException {
    if (!version.modern()) {
      throw error(
          peek(), what + " need awsIotSqlVersion 2016-03-23, this is " + version.wireName());
    }
  }

  private Expression array() throws SqlSyntaxException {
    List<Expression> items = new ArrayList<>();
    if (!skip("]")) {
      do {
        items.add(expression());
      } while (skip(","));
      expect("]");
    }
    return new Expression.ArrayLiteral(List.copyOf(items));
  }

  private Expression object() throws SqlSyntaxException {
    expect("{");
    Map<String, Expression> members = new LinkedHashMap<>();
    if (!skip("}")) {
      do {
        String name = expect(Kind.STRING, "a quoted member name").text();
        expect(":");
        members.put(name, expression());
      } while (skip(","));
      expect("}");
    }
    return new Expression.ObjectLiteral(members);
  }

  private Expression word() throws SqlSyntaxException {
    Token token = take();
    String name = token.text().toLowerCase(Locale.ROOT);
    if (peek().symbol("(")) {
      return call(token, name);
    }
    switch (name) {
      case "true":
        return new Expression.Literal(Value.Bool.TRUE);
      case "false":
        return new Expression.Literal(Value.Bool.FALSE);
      case "null":
        return new Expression.Literal(Value.NULL);
      case "undefined":
        return new Expression.Literal(Value.UNDEFINED);
      case "case":
        return caseWhen();
      default:
        if (ENDS.contains(name)) {
          throw error(token, "expected an expression, found " + token);
        }
        int place = nesting == 0 ? names.place(token.text()) : -1;
        return new Expression.Field(token.text(), place);
    }
  }

  private Expression caseWhen() throws SqlSyntaxException {
    Expression of = expression();
    List<Expression.Case.When> whens = new ArrayList<>();
    do {
      expectWord("WHEN");
      Expression test = expression();
      expectWord("THEN");
      whens.add(new Expression.Case.When(test, expression()));
    } while (peek().word("WHEN"));
    Expression otherwise = skipWord("ELSE") ? expression() : null;
    expectWord("END");
    return new Expression.Case(of, List.copyOf(whens), otherwise);
  }

  private Expression call(Token token, String name) throws SqlSyntaxException {
    expect("(");
    if (name.equals("cast")) {
      return cast();
    }
    List<Expression> arguments = new ArrayList<>();
    if (!skip(")")) {
      do {
        arguments.add(argument());
      } while (skip(","));
      expect(")");
    }
    Expression call =
        Calls.of(name, arguments, version, external)
            .orElseThrow(() -> error(token, Calls.problem(name, arguments, version, external)));
    if (call instanceof Expression.ExternalCall) {
      external(token, name, arguments);
    }
    return call;
  }

  private void external(Token token, String name, List<Expression> arguments)
      throws SqlSyntaxException {
    if (errorAction) {
      throw error(token, "function " + name + " can not be used in an error action");
    }
    FunctionSignature signature = external.find(name).orElseThrow();
    if (signature.oncePerStatement() && !calledOnce.add(name)) {
      throw error(token, "function " + name + " can be used once in a statement");
    }
    callsOthers = true;
    role(token, signature.roleIndex(arguments.size()), arguments);
  }

  /** A role is written out, so that it is known at creation whether it may be passed. */
  private void role(Token token, int place, List<Expression> arguments) throws SqlSyntaxException {
    if (place < 0) {
      return;
    }
    if (arguments.get(place) instanceof Expression.Literal literal
        && literal.value() instanceof Value.Text text) {
      roles.add(text.value());
    } else {
      throw error(token, "expected the ARN of a role in quotes as argument " + (place + 1));
    }
  }

  private Expression argument() throws SqlSyntaxException {
    if (peek().symbol("*") && (peekSecond().symbol(",") || peekSecond().symbol(")"))) {
      take();
      wholePayload = true;
      return new Expression.Star(false);
    }
    return expression();
  }

  private Expression cast() throws SqlSyntaxException {
    Expression of = expression();
    expectWord("AS");
    Token word = expect(Kind.WORD, "a type");
    Convert.Type type = Convert.Type.of(word.text(), version);
    if (type == null) {
      throw error(word, "expected a type of " + version.wireName() + " such as Int, found " + word);
    }
    expect(")");
    return new Expression.Cast(of, type);
  }

  private Expression nested() throws SqlSyntaxException {
    modern("nested SELECT");
    take();
    nesting++;
    Selection selection = selection();
    nesting--;
    expectWord("FROM");
    Expression from = postfix();
    nesting++;
    Expression where = skipWord("WHERE") ? expression() : null;
    nesting--;
    return new Expression.Nested(selection, from, where);
  }

  /** What comes after SELECT. */
  final Selection selection() throws SqlSyntaxException {
    if (peek().word("VALUE") && beginsExpression(peekSecond())) {
      take();
      return new Selection(expression(), List.of());
    }
    List<Selection.Item> items = new ArrayList<>();
    do {
      items.add(item());
    } while (skip(","));
    return new Selection(null, List.copyOf(items));
  }

  private static boolean beginsExpression(Token token) {
    return switch (token.kind()) {
      case WORD -> !ENDS.contains(token.text().toLowerCase(Locale.ROOT));
      case SYMBOL -> token.symbol("(") || token.symbol("[") || token.symbol("{");
      case END -> false;
      default -> true;
    };
  }

  private Selection.Item item() throws SqlSyntaxException {
    Token start = peek();
    parts = nesting == 0 ? 0 : parts;
    boolean star = skip("*");
    if (star && nesting == 0) {
      wholePayload = true;
    }
    Expression of = star ? counted(new Expression.Star(true)) : expression();
    if (skipWord("AS")) {
      List<String> name = new ArrayList<>();
      do {
        if (name.size() == MAX_DEPTH) {
          throw error(peek(), "more than " + MAX_DEPTH + " levels of names");
        }
        name.add(alias());
      } while (skip("."));
      return new Selection.Item(of, List.copyOf(name));
    }
    return star
        ? new Selection.Item(null, List.of())
        : new Selection.Item(of, List.of(implicitName(of, start)));
  }

  private String alias() throws SqlSyntaxException {
    return peek().kind() == Kind.STRING ? take().text() : expect(Kind.WORD, "a name").text();
  }

  private String implicitName(Expression of, Token start) throws SqlSyntaxException {
    if (of instanceof Expression.Field field) {
      return field.name();
    } else if (of instanceof Expression.Member member) {
      return member.name();
    } else if (of instanceof Expression.Variable variable) {
      return variable.name();
    } else if (of instanceof Expression.Call call) {
      return call.name();
    } else if (of instanceof Expression.ExternalCall call) {
      return call.name();
    }
    throw error(start, "this expression has no name, expected AS name after it");
  }
}
