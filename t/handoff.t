# A request to be contacted is durable before it is acknowledged, waits sealed,
# reaches the operator's system at least once and says what became of it.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

my $desk = $t->upstream({ status => 503, headers => ['Content-Type', 'text/plain'], body => 'busy' });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        server_name portal.example;
        consent on;

        location /.privacy/ { consent_pages; consent_handoff_pass /desk/requests?from=portal; }
        location /desk/ { internal; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /metrics { consent_metrics allow=127.0.0.1; }
    }

    server {
        listen 127.0.0.1:%%PORT_2%%;
        location /.privacy/ { consent_pages; }
    }
EOF

my $c = Consent::Test::Citizen->new($t);
my $page = $c->get('/.privacy/human?lang=sv');
like($page->text, qr/Vill du att vi hör av oss\?/, 'the page takes requests');

my %form = $c->form($page, '/.privacy/human');
my $contact = '070-123 45 67 Kim';

# what cannot be taken comes back

for (['', 'no contact'], ['  x ', 'hardly one'], ['7' x 201, 'too long a one'], ["07\n0 12345", 'not one line']) {
    my ($value, $what) = @$_;
    my $r = $c->post('/.privacy/human', { %form, contact => $value, topic => 'complaint' });
    is($r->status, 400, $what);
    like($r->text, qr/Skriv ett telefonnummer/, 'is told');
    like($r->text, qr/<option value="complaint" selected>/, 'and the rest is kept');
}

is($c->post('/.privacy/human', { %form, contact => $contact, topic => 'nosuch' })->status, 400, 'a topic of nobody');
is($c->post('/.privacy/human', { %form, contact => $contact, token => 'x' })->status, 403, 'a form of nobody');
is($c->post('/.privacy/human', { %form, contact => $contact }, headers => ['Origin', 'https://evil.example'])->status,
    403, 'and of another site');
is(scalar($desk->requests), 0, 'nothing of these is handed over');

my $r = $c->post('/.privacy/human', { %form, contact => $contact, topic => 'complaint' });
is($r->status, 303, 'a request is taken');
like($r->header('Location'), qr{^/\.privacy/human\?taken&request=([0-9a-f]{32})$}, 'and has a number');
my ($id) = $r->header('Location') =~ /request=(\w+)/;

$page = $c->get($r->header('Location') . '&lang=sv');
like($page->text, qr/Tack\. En människa hör av sig/, 'she is told so');
like($page->text, qr/Din begäran: <strong>Klagomål/, 'and what it is about');
like($page->text, qr/Den är på väg till en människa/, 'and how far it is');
like($page->text, qr/Nu lämnar vi över din begäran/, 'and what happens next');
like($page->text, qr{Kvitto: <code>$id</code>}, 'with a receipt');
like($page->text, qr/Vill du inte vänta\?.*href="tel:/s, 'and the way to a person');
unlike($page->text, qr/<form method="post"|name="contact"/, 'and is not asked again');

# the operator's system is busy: it waits, and nothing of it can be read meanwhile

ok($t->wait_for(sub { $desk->requests >= 2 }, 60), 'it is tried again');
my ($first, $second) = $desk->requests;
is($first->method . ' ' . $first->uri, 'POST /desk/requests?from=portal', 'where the operator wants it');
is($first->header('Content-Type'), 'application/json', 'as JSON');
is_deeply([$first->header('Content-Length')], [length $first->body], 'with one length');
is_deeply([$first->header('Host')], ['127.0.0.1:' . $t->port(1)], 'and one host');
like($first->header('Idempotency-Key'), qr/^"$id"$/, 'with a key');
is($second->header('Idempotency-Key'), $first->header('Idempotency-Key'), 'which stays the same');
is($second->body, $first->body, 'as the document does');
ok($t->wait_for_log(qr/attempt 1, the next in 2 s.*attempt 2, the next in 5 s/s), 'later and later, each attempt counted once');

for my $file (qw(data.mdb recent gaps)) {
    unlike($t->read("store/$file"), qr/123 45 67|Kim/, "$file holds no contact");
}

unlike($t->error_log . $t->access_log, qr/123 45 67|Kim/, 'nor does a log');

my $said = JSON::PP::decode_json($first->body);
is($said->{contact}, $contact, 'the document says whom to reach');
is($said->{topic}, 'complaint', 'about what');
is($said->{language}, 'sv', 'in which language');
is($said->{level}, 'needed', 'at which level');
is_deeply($said->{shared}, [], 'what she shares');
ok((grep { $_ eq 'identity' } @{$said->{withheld}}), 'and what not, by name');

# across a restart

$t->stop;
$desk->answer({ status => 201, headers => ['Content-Type', 'application/json'], body => '{"ticket":118}' });
$t->start;

my $log = sub { $t->run_ctl('log', 'show', $t->path('store'), '--type', 'handoff') };

ok($t->wait_for(sub { $desk->requests >= 3 }, 60), 'it is handed over when the operator is there again');
ok($t->wait_for(sub { $log->() =~ /delivered/ }, 30), 'and the log says so');
is(scalar(() = $log->() =~ /status=requested/g), 1, 'with one entry for the request');
unlike($log->(), qr/Kim|$id/, 'which names nobody');

$c = Consent::Test::Citizen->new($t);
like($c->get("/.privacy/human?request=$id&lang=sv")->text, qr/Överlämnad till en människa/, 'she can see it');

$t->stop;
unlike($t->read('store/data.mdb') =~ s/\0+//gr, qr/Kim/, 'no contact is left');
$t->start;

# what became of it, told by the operator's system

my $url = $said->{status_url};
is($url, "/.privacy/api/v1/handoffs/$id", 'where to say what became of it');

my $tell = sub {
    my ($token, $document) = @_;
    return $t->request('POST', $url, headers => ['Authorization', "Bearer $token", 'Content-Type', 'application/json'],
        body => JSON::PP::encode_json($document));
};

is($tell->('A' x 43, { status => 'taken' })->status, 404, 'nobody else may');
is($tell->($said->{status_token}, { status => 'delivered' })->status, 400, 'and only what can be said');
$r = $tell->($said->{status_token}, { status => 'taken', tag => 'KC-<118>' });
is($r->status, 200, 'a person works on it');
is_deeply([@{$r->json}{qw(status tag topic)}], ['taken', 'KC-<118>', 'complaint'], 'and that is known');
$page = $t->get("/.privacy/human?request=$id&lang=en")->text;
like($page, qr/A person has been working on it/, 'she sees it');
like($page, qr/KC-&lt;118&gt;/, 'with the reference');
like($log->(), qr/status=taken/, 'the log has it');
unlike($log->(), qr/KC-/, 'without the reference');

is($t->get('/.privacy/human?request=' . '0' x 32)->status, 404, 'nobody guesses a number');
is($t->get("/.privacy/api/v1/handoffs/$id")->json->{status}, 'taken', 'programs can ask too');

# the same for programs

$r = $t->request('POST', '/.privacy/api/v1/handoffs', headers => ['Content-Type', 'application/json'],
    body => '{"contact":"kim@example.org","topic":"legal"}');
is($r->status, 202, 'a program asks');
is($r->json->{status}, 'requested', 'and gets a number');
ok($t->wait_for(sub { $desk->last->body =~ /kim\@example/ }), 'it is handed over');
is($t->request('POST', '/.privacy/api/v1/handoffs', headers => ['Content-Type', 'application/json'],
    body => '{"contact":1}')->status, 400, 'what cannot be read is told');

my $metrics = $t->get('/metrics')->body;
like($metrics, qr/^consent_handoffs_total 1$/m, 'requests are counted');

# where nobody takes them, the page says how to ask instead

my $other = $t->get('/.privacy/human', port => 2);
unlike($other->text, qr/<form/, 'no form leads nowhere');

done_testing();
