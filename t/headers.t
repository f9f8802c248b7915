# Request headers: what a citizen has not granted does not arrive in any spelling,
# all else does, byte for byte and in order, however many there are.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy;

# at level info nginx itself logs lines whose names it does not let in, before any module

$t->run(<<'EOF', level => 'notice');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_3%% http2;
        consent on;
        proxy_http_version 1.1;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }

    server {
        listen 127.0.0.1:%%PORT_2%%;
        underscores_in_headers on;
        ignore_invalid_headers off;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my %ours = map { $_ => 1 } qw(consent-level consent-categories consent-policy host connection);

# what arrived, without what nginx and we add
sub arrived {
    return join "\n", map { "$_->[0]: $_->[1]" } grep { !$ours{lc $_->[0]} } @{$up->last->{fields}};
}

sub sent { return join "\n", map { "$_->[0]: $_->[1]" } @_ }

my @plain = map { ["X-Plain-$_", "value  of $_;,=\"%70nr"] } 1 .. 3;

$t->get('/', headers => [map { @$_ } $plain[0], ['X-Personnummer', '198001011234'], @plain[1, 2]]);
is(arrived(), sent(@plain), 'one goes, the rest keeps bytes and order');

$t->get('/', headers => [map { @$_ } ['x-personnummer', 'a'], $plain[0], ['X-PERSONNUMMER', 'b'], $plain[1],
    ['X-PersonNummer', 'c'], $plain[2], ['X-User-Email', 'd'], ['X-User-Phone', 'e']]);
is(arrived(), sent(@plain), 'whatever their case, however many lines, first and last');

$t->get('/', headers => ['X-Personnummer', '198001011234']);
is(arrived(), '', 'the only one');

unlike($up->last->raw, qr/1980/, 'nothing of it is left');

# servers behind us that make variables of headers take '_' and '.' for '-'

for my $name ('X_Personnummer', 'x_PERSONNUMMER', 'X.Personnummer', 'X-User_Email') {
    $t->get('/', port => 2, headers => [map { @$_ } $plain[0], [$name, '198001011234'], $plain[1]]);
    is(arrived(), sent(@plain[0, 1]), "$name where such names are let in");
}

# values of any look, other protocols, other requests of a connection

my $c = Consent::Test::Canary->new($t, $up);

for my $value ('  ' . $c->value('spaced') . '  ', "\t" . $c->value('tab'), '', '"' . $c->value('quoted') . '"',
    "\xc3\xa5" . $c->value('bytes'))
{
    $t->get('/', headers => [['X-Personnummer', $value], $plain[0]]);
    is(arrived(), sent($plain[0]), 'whatever the value looks like');
}

$t->get('/', port => 3, version => 2, headers => ['x-one', 1, 'x-personnummer', $c->value('h2'), 'x-one', 2]);
is(arrived(), "x-one: 1\nx-one: 2", 'HTTP/2');

$t->get('/', version => '1.0', headers => ['X-One', 1, 'X-Personnummer', $c->value('http10')]);
is(arrived(), 'X-One: 1', 'HTTP/1.0');

my $k = $t->connect;
$k->request('GET', '/', headers => ['X-Personnummer', $c->value('first'), 'X-First', 1]);
$k->request('GET', '/', headers => ['X-Second', 2]);
is(arrived(), 'X-Second: 2', 'a second request on a connection has nothing of the first');
$k->close;

my @like = (['X-Personnummer2', 'a'], ['XX-Personnummer', 'b'], ['X-Personnumme', 'c'], ['Personnummer', 'd']);
$t->get('/', headers => [map { @$_ } @like]);
is(arrived(), sent(@like), 'names that are only like it are others');

is_deeply([$c->leaks], [], 'no value went anywhere, nor into a log');

# nginx keeps the first twenty in one piece, and the rest in pieces of twenty

for my $n (17, 18, 19, 20, 21, 39, 41, 60) {
    for my $at (1, int($n / 2), $n) {
        my @many = map { ["X-Number-$_", "v$_"] } 1 .. $n;
        my @with = @many;
        splice @with, $at - 1, 0, ['X-Personnummer', '198001011234'];

        $t->get('/', headers => [map { @$_ } @with]);
        is(arrived(), sent(@many), "at place $at among $n");
        is($up->last->header('Consent-Level'), 'needed', 'and ours are behind them');
    }

    my @many = map { ["X-Number-$_", "v$_"] } 1 .. $n;
    my @mixed = map { ($_, ['X-Personnummer', '198001011234']) } @many;

    $t->get('/', headers => [map { @$_ } @mixed]);
    is(arrived(), sent(@many), "behind each of $n");
    is(join(' ', $up->last->header('Consent-Level'), $up->last->header('Consent-Policy')),
        'needed exempelkommun;2026-11-22', 'and ours are there once');
}

# granted

my $cookie = $t->decide(level => 'forms');

$t->get('/', cookie => $cookie, headers => [map { @$_ } ['X-Personnummer', '198001011234'], ['X-User-Location', 'x']]);
is(arrived(), 'X-Personnummer: 198001011234', 'what she has granted arrives, and nothing else');

done_testing();
