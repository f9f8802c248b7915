# HTTP/2 is no way around: fields in every form, many streams of many citizens on one connection, bodies without a length.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

# at level info nginx itself logs fields that it does not take, before any module

$t->run(<<'EOT', level => 'notice');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%% http2;
        listen 127.0.0.1:%%PORT_2%%;
        underscores_in_headers on;
        consent on;
        client_max_body_size 8m;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $up);
my $h2 = $t->connect(version => 2);

sub fields {
    my ($path, @more) = @_;
    return fields => [[':method', 'GET'], [':scheme', 'http'], [':path', $path], [':authority', 'portal.example'], @more];
}

sub got { return join '|', map { "$_->[0]: $_->[1]" } grep { $_->[0] =~ /^(?:x|cookie)/i } @{$up->last->{fields}} }

# fields

my $r = $h2->request('GET', '', fields('/a?a=1&pnr=' . $c->value('path') . '&b=2',
    ['cookie', 'a=1'], ['x-one', 1], ['cookie', 'pnr=' . $c->value('crumb')], ['x-personnummer', $c->value('field')],
    ['cookie', 'b=2; epost=' . $c->value('joined') . '; c=3'], ['x_personnummer', $c->value('underscore')], ['x-two', '']));
is($r->status, 200, 'answered');
is($up->last->uri, '/a?a=1&b=2', 'the path');
like(got(), qr/cookie: a=1; b=2; c=3/i, 'crumbs');
like(got(), qr/x-one: 1.*x-two: /, 'fields');

$r = $h2->request('GET', '', fields('/b', (map { ["x-$_", 'x' x 500] } 1 .. 60), ['x-personnummer', $c->value('continued')],
    ['x-last', 1]));
is($r->status, 200, 'a block of 30,000 bytes, in CONTINUATION frames') or diag $r->head;
like(got(), qr/x-60: x+\|x-last: 1$/, 'all the rest of it');

$r = $h2->request('GET', '', fields('/c', (map { ['cookie', "a$_=$_"], ['cookie', 'pnr=' . $c->value("crumb $_")] } 1 .. 100)));
is(got(), 'cookie: ' . join('; ', map { "a$_=$_" } 1 .. 100), 'two hundred crumbs');

$r = $h2->request('HEAD', '/d?pnr=' . $c->value('head'));
is($up->last->uri =~ s/\?$//r, '/d', 'HEAD');

# what nginx does not take, it does not pass on

for (['upper case', ['X-Personnummer', $c->value('upper')]], ['a line feed', ['x-a', "1\nX-Personnummer: " . $c->value('lf')]],
    ['a carriage return', ['x-a', "1\r\nX-Personnummer: " . $c->value('crlf')]], ['NUL', ['x-a', "1\0" . $c->value('nul')]],
    ['a second path', [':path', '/x?pnr=' . $c->value('second')]], ['a space in the path', undef])
{
    my ($what, $field) = @$_;
    my $other = $t->connect(version => 2);
    my @fields = fields($field ? '/e' : '/e?pnr =' . $c->value('space'), $field // ());
    my $answer = eval { $other->request('GET', '', @fields) };
    ok(!@{[grep { $c->found("$_") } $up->requests]}, "$what: nothing of it arrives");
}

# one connection, many citizens

my %cookie = (forms => $t->decide(level => 'forms', port => 2), contact => $t->decide(level => 'contact', port => 2), none => '');
$up->clear;

my @ask = map { my $level = (qw(forms none contact))[$_ % 3];
    ['GET', "/$_/$level?pnr=" . ($level eq 'forms' ? 1912 : $c->value("stream $_")) . "&email=$_",
        cookie => [$cookie{$level} || (), "n=$_"]] } 1 .. 60;
my @answers = $h2->requests(@ask);

is(scalar(grep { $_->status == 200 } @answers), 60, 'sixty streams are answered');
my @wrong = grep {
    my ($n, $level) = $_->uri =~ m{^/(\d+)/(\w+)};
    my %expected = (forms => "pnr=1912&email=$n", contact => "email=$n", none => undef);
    ($_->args // '') ne ($expected{$level} // '') || $_->header('Cookie') ne "n=$n"
        || $_->header('Consent-Level') ne ($level eq 'none' ? 'needed' : $level);
} $up->requests;
is_deeply([map { "$_" } @wrong], [], 'each gets what is hers');

# bodies

$up->clear;
my @json = ('accept', 'application/json');
$r = $h2->request('POST', '/f', headers => \@json, chunked => ['pnr=' . $c->value('body')]);
is($r->status, 415, 'a body without a length');
$r = $h2->request('POST', '/f', headers => \@json, body => 'pnr=' . $c->value('body2') . 'x' x 1_000_000);
is($r->status, 415, 'a megabyte');
$r = $h2->request('POST', '', fields('/f', ['content-length', 0]));
is($r->status, 200, 'none at all');
$r = $h2->request('GET', '/f', headers => \@json, body => $c->value('get'));
is($r->status, 415, 'with GET');
is($h2->request('GET', '/g')->status, 200, 'the connection goes on');
is_deeply([grep { $_->body } $up->requests], [], 'no byte of them arrives');

is_deeply([$c->leaks], [], 'no value went anywhere, nor into a log');

done_testing;
