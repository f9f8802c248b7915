# Request headers that carry what nobody agreed to share are taken out, however they are spelled, wherever they stand in the
# list, and nothing else is.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

# at level info nginx itself logs lines whose names it does not let in, before any module

$t->run(<<'EOT', level => 'notice');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_3%% http2;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /off/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent off; }
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
EOT

my $c = Consent::Test::Canary->new($t, $up);

# The lines of a test's own that arrived, as name: value.
sub arrived {
    my ($pattern) = @_;
    return join "\n", map { "$_->[0]: $_->[1]" } grep { $_->[0] =~ $pattern } @{$up->last->{fields}};
}

for my $name ('X-Personnummer', 'x-personnummer', 'X-PERSONNUMMER', 'x-pErSoNnUmMeR', 'X-User-Email', 'x-user-phone',
    'X-User-Location')
{
    my $r = $t->get('/', headers => [$name => $c->value($name), 'X-Ours' => 'kept']);
    is($r->status, 200, "$name: the page comes");
    is(arrived(qr/^x-/i), 'X-Ours: kept', 'and only the other header goes on');
}

for my $name ('X_Personnummer', 'X_PERSONNUMMER', 'x.personnummer', 'X_User-Email', 'x-user_phone') {
    $t->get('/', port => 2, headers => [$name => $c->value($name), 'X_Ours' => 'kept']);
    is(arrived(qr/^x/i), 'X_Ours: kept', "$name, where such names are let in");
    $t->get('/', headers => [$name => $c->value($name)]);
    is(arrived(qr/^x/i), '', 'and where they are not');
}

$t->get('/', headers => ['X-One', '1', 'X-Personnummer', $c->value('a'), 'X-One', '2', 'x-personnummer', $c->value('b'),
    'X-PERSONNUMMER', $c->value('c'), 'X-One', '3']);
is(arrived(qr/^x-/i), "X-One: 1\nX-One: 2\nX-One: 3", 'many lines of one name: all are gone, the others keep their order');

for my $value (' ' . $c->value('spaced') . '  ', "\t" . $c->value('tab'), '', '"' . $c->value('quoted') . '"') {
    $t->get('/', headers => [['X-Personnummer', $value]]);
    is(arrived(qr/^x-/i), '', 'whatever the value looks like');
}

$t->get('/', headers => ['X-Personnummer2', 'a', 'XX-Personnummer', 'b', 'X-Personnumme', 'c', 'Personnummer', 'd']);
is(arrived(qr/person/i), "X-Personnummer2: a\nXX-Personnummer: b\nX-Personnumme: c\nPersonnummer: d",
    'names that are only like it are others');

# nginx keeps headers in parts of twenty

my @wrong;

for my $n (17 .. 23, 38 .. 42, 61) {
    for my $at (0, 1, $n / 2, $n - 2, $n - 1) {
        my @headers = map { ["X-F$_", "v$_"] } 1 .. $n;
        splice @headers, $at, 1, ['X-Personnummer', $c->value("part$n")];
        my $expected = join "\n", map { "$_->[0]: $_->[1]" } grep { $_->[0] ne 'X-Personnummer' } @headers;

        $t->get('/', headers => \@headers);
        push @wrong, "$n, carrier at $at" if arrived(qr/^x-/i) ne $expected
            || arrived(qr/^consent-level$/i) ne 'Consent-Level: needed';
    }
}

is_deeply(\@wrong, [], 'any number of headers, the carrier anywhere: the rest arrives in order, and ours with them');

for my $n (1, 18, 19, 20, 21, 22, 40, 41, 60, 100) {
    $t->get('/', headers => [map { ['X-User-Email', $c->value('all')] } 1 .. $n]);
    push @wrong, "$n" if arrived(qr/^x-/i) ne '' || arrived(qr/^consent-level$/i) ne 'Consent-Level: needed';
    $t->get('/', headers => [map { (['X-User-Email', $c->value('all')], ["X-F$_", $_]) } 1 .. $n]);
    push @wrong, "every second of $n" if arrived(qr/^x-/i) ne join "\n", map { "X-F$_: $_" } 1 .. $n;
}

is_deeply(\@wrong, [], 'nothing but carriers, or every second one');

# HTTP/2

$t->get('/', port => 3, version => 2, headers => ['x-one', '1', 'x-personnummer', $c->value('h2'), 'x-one', '2']);
is(arrived(qr/^x-/i), "x-one: 1\nx-one: 2", 'HTTP/2');

# requests on one connection

my $k = $t->connect;
$k->request('GET', '/', headers => ['X-Personnummer', $c->value('first')]);
is(arrived(qr/^x-/i), '', 'a first request');
$k->request('GET', '/', headers => ['X-Ours', 'second']);
is(arrived(qr/^x-/i), 'X-Ours: second', 'and a second on the same connection');
$k->close;

is_deeply([$c->leaks], [], 'no value went anywhere, nor into a log');

# what is granted, or is not looked at

my $cookie = $t->decide(level => 'forms');
my @sent = (['X-One', '1'], ['x-PERSONNUMMER', '19121212-1212'], ['X-User-Email', 'a@b.example'], ['x-personnummer', ''],
    ['X-Two', '2']);
$t->get('/', cookie => $cookie, headers => [@sent, ['X-User-Location', $c->value('location')]]);
is(arrived(qr/^x-/i), join("\n", map { "$_->[0]: $_->[1]" } @sent), 'what she shares arrives as it was sent');
is_deeply([$c->leaks], [], 'and what she does not share stays here');

$t->get('/off/', headers => ['X-Personnummer', $c->value('off')]);
is_deeply([$c->leaks], ['upstream ' . $up->port . ': off'], 'off: nothing is taken out');

done_testing;
