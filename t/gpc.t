# Sec-GPC: 1 takes away what the policy says it does, at once and on every way, is passed on, and is recorded once; who
# decides while her browser sends it has answered the question.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        consent on;
        add_header X-Status $consent_status always;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /fitted/ { consent_require fitted; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /off/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent off; }
        location /.privacy/ { consent_pages; }
    }
EOT

my @gpc = ('Sec-GPC', 1);

# What arrives of a request that carries all kinds: the categories that the upstream is told, and the carriers it got.
sub arrives {
    my ($cookie, $headers, %o) = @_;

    my $r = $t->get('/?utm_source=1&plats=2', cookie => join('; ', $cookie || (), 'stat_id=3', 'ort=4'), headers => $headers, %o);
    my $q = $up->last;

    return join '|', $q->header('Consent-Categories'), $q->args // '', join '; ', $q->header('Cookie') // '';
}

my $BOTH = 'location,statistics|utm_source=1&plats=2|stat_id=3; ort=4';
my $LESS = 'location|plats=2|ort=4';

sub entries {
    my $log = $t->run_ctl('log', 'show', $t->path('store'), '--type', 'decision', '--json');
    return grep { /"method":"gpc"/ } split /\n/, $log;
}

# before any decision

is(arrives('', \@gpc), '||', 'without a decision there is nothing to take');
is($up->last->header('Sec-GPC'), 1, 'the signal is passed on');
is($t->get('/', headers => \@gpc)->header('Set-Cookie'), undef, 'and leaves no cookie');

# on what was given without it

my $given = $t->decide(level => 'fitted');
is(arrives($given, []), $BOTH, 'what she has given');

for my $no (['Sec-GPC', 0], ['Sec-GPC', ''], ['Sec-GPC', '11'], ['Sec-GPC', 'true'], ['DNT', 1], ['X-Sec-GPC', 1]) {
    is(arrives($given, $no), $BOTH, "@$no is no signal");
    is($up->last->header($no->[0]), $no->[1], 'and is passed on as it is');
}

is($t->get('/fitted/', cookie => $given)->status, 200, 'what needs it opens');
is(arrives($given, \@gpc), $LESS, 'the signal takes it away at once');
is($up->last->header('Sec-GPC'), 1, 'and is passed on');
is($t->get('/fitted/', cookie => $given, headers => \@gpc)->status, 403, 'what needs it does not open');

for (['in lower case', 'sec-gpc', 1], ['after another line', 'Sec-GPC', 0, 'Sec-GPC', 1], ['with space around', 'Sec-GPC', ' 1 '])
{
    my ($what, @headers) = @$_;
    is(arrives($t->decide(level => 'fitted'), \@headers), $LESS, $what);
}

is(arrives($t->decide(level => 'fitted'), \@gpc, port => 2, version => 2), $LESS, 'over HTTP/2');

# recorded, once

my $one = $t->decide(level => 'fitted');
my $before = $t->wait_for(sub { my $n = entries(); $n >= 5 && $n }) // 0;
arrives($one, \@gpc) for 1 .. 5;
ok($t->wait_for(sub { entries() > $before }), 'it is recorded');
arrives($one, \@gpc) for 1 .. 3;
$t->get('/.privacy/api/v1/state', cookie => $one, headers => \@gpc);
select undef, undef, undef, 0.3;
is(scalar(entries()), $before + 1, 'once');

my ($entry) = (entries())[-1];
like($entry, qr/"by":"signal".*"categories":\["location"\].*"status":"lowered"/, 'as what it is');

is(arrives($one, []), $LESS, 'it holds without the signal too: only a decision raises');
is($t->get('/', cookie => $one)->header('X-Status'), 'lowered', 'and is called so');
is($t->get('/.privacy/api/v1/state', cookie => $one)->json->{status}, 'lowered', 'on her page as well');

# the later, more specific word

my $again = $t->decide(level => 'fitted', cookie => $one, headers => \@gpc);
is(arrives($again, \@gpc), $BOTH, 'who decides with the signal there has answered');
is(arrives($again, []), $BOTH, 'which holds without it');
is(arrives($again, \@gpc, port => 2, version => 2), $BOTH, 'and over HTTP/2');
is(scalar(entries()), $before + 1, 'nothing is taken');

my $later = $t->decide(level => 'fitted', cookie => $again);
is(arrives($later, \@gpc), $LESS, 'until she decides anew without it');

$t->get('/off/', cookie => $given, headers => \@gpc);
is($up->last->header('Sec-GPC'), 1, 'off: it is passed on');

done_testing;
