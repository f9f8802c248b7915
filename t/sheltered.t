# A protected person stays at the first level whatever she, or whoever stands
# behind her, chooses; her pages are those of anybody at the first level, byte
# for byte, and no answer says otherwise.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Login;

use JSON::PP;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy;
my $login = Consent::Test::Login->new($t);

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        consent_identity cookie=idp key=%%DIR%%/idp.key alg=HS256 issuer=idp protected_claim=protected;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /forms/ { consent_require forms; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my @protected = (protected => JSON::PP::true);
my $who = $login->citizen(sub => 'who', @protected);
my $anybody = $login->citizen(sub => 'anybody');

# What differs from person to person and from moment to moment.
sub bare {
    my ($r) = @_;

    my $body = $r->body;
    $body =~ s/name="(?:consent_)?token" value="[^"]*"/token/g;
    $body =~ s/(?<=<code>)[0-9a-f]{8}(?=<)/code/g;
    $body =~ s{receipt/[0-9a-f]{32}}{receipt}g;
    $body =~ s{datetime="[^"]*"|kl\. \d+\.\d\d}{when}g;

    return $body;
}

sub same {
    my ($a, $b, $what) = @_;

    is($a->status, $b->status, "$what: the same status");
    is(bare($a), bare($b), "$what: the same page");
    is_deeply([sort $a->names], [sort $b->names], "$what: the same headers");
}

same($who->get('/.privacy/'), $anybody->get('/.privacy/'), 'before anything is decided');

# she chooses more, anybody chooses the first

my $mine = $who->choose(level => 'forms', scope => 'standing', ai => 'any');
my $theirs = $anybody->choose(level => 'needed', scope => 'standing', ai => 'any');
is($mine->status, 303, 'a choice is taken');
is($mine->header('Location'), $theirs->header('Location'), 'as anybody\'s');

same($who->get("/.privacy/$_"), $anybody->get("/.privacy/$_"), "$_ afterwards") for '?saved', '', 'record', 'erase';

is_deeply($who->state->{categories}, [], 'nothing is granted');
is($who->state->{level}, 'needed', 'the first level');
is($who->state->{status}, $anybody->state->{status}, 'decided as anybody has');

same($who->get('/forms/'), $anybody->get('/forms/'), 'where more is needed');

$who->get('/start?pnr=198112289874');
is(($up->requests)[-1]->uri, '/start', 'nothing of hers passes');

my @entries = map { decode_json($_)->{entry} }
    split /\n/, $t->run_ctl('log', 'show', $t->path('store'), '--type', 'decision', '--json');
is_deeply([map { [@$_{qw(status level by)}, @{$_->{categories}}] } @entries], [(['refused', 'needed', 'self']) x 2],
    'the log tells them apart no more');

# a form is sent this time: as without

my @form = ('/ansok', namn => 'Kim', pnr => '198112289874');

same($login->form($who, @form), $login->form($anybody, @form), 'a form with what is not shared');

my $once = $login->answer($who, $login->form($who, @form), 'once');
is($once->status, 200, 'sent this time, it goes through') or diag(substr $once->body, 0, 2000);
like(($up->requests)[-1]->body, qr/namn=Kim/, 'with what it may');
unlike(($up->requests)[-1]->body, qr/9874/, 'and without what it may not');

# whoever was at a higher level before

my $before = $login->citizen(sub => 'before');
$before->choose(level => 'fitted', scope => 'standing', ai => 'any');
my $now = $login->citizen(sub => 'before', @protected);
$now->{jar}{consent} = $before->cookie;

is_deeply($now->state->{categories}, [], 'is at the first from now on');
$now->get('/start?pnr=198112289874&x=1');
is(($up->requests)[-1]->uri, '/start?x=1', 'whatever the cookie says');
is($now->get('/forms/')->status, 403, 'and is asked for more like anybody');

my $put = $now->json('PUT', '/.privacy/api/v1/state', headers => ['Content-Type', 'application/json'],
    body => encode_json({ policy_version => $now->state->{policy_version}, level => 'fitted' }));
is($put->status, 200, 'the API takes a choice');
is($put->json->{level}, 'needed', 'which is the first level');

$now->get('/', headers => ['ADPC', 'consent=contact', 'Sec-Fetch-Mode', 'navigate']);
is_deeply($now->state->{categories}, [], 'no signal raises it');

# what cannot be wished is told to everybody alike

for my $c ($who, $anybody) {
    is($c->json('PUT', '/.privacy/api/v1/state', headers => ['Content-Type', 'application/json'],
        body => encode_json({ policy_version => $c->state->{policy_version}, level => 'nosuch' }))->status, 400,
        'no such level');
}

unlike($t->error_log . $t->access_log, qr/protect|shelter/i, 'and no log says so');

done_testing();
