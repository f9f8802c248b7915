# The demonstration starts, shows what it promises, and leaves nothing behind.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Demo;

my $t = Consent::Test->new;
my $demo = Consent::Test::Demo->start($t);

like($demo->said, qr{http://127\.0\.0\.1:@{[$t->port(0)]}/\.privacy/},
    'the pages to open are printed');

# the portal

my %lang = ('/' => 'sv', '/fi' => 'fi', '/en' => 'en', '/tjanster' => 'sv',
    '/tjanster/bygglov' => 'sv', '/overklaga' => 'sv', '/assistent' => 'sv');

for (sort keys %lang) {
    my $r = $t->get($_);
    is($r->status, 200, $_);
    like($r->text, qr/<html lang="$lang{$_}">/, "$_ in $lang{$_}");
    like($r->text, qr/<nav data-consent="contact"/,
        "$_ shows the way to a human being");
    like(join(' ', $r->header('Link')), qr/rel="?help/, "$_ and its header");
}

# the log

ok($t->wait_for(sub { $t->get('/log/checkpoint')->status == 200 }), 'the log is published');
like($t->get('/log/checkpoint')->body, qr{^demo\.exempelkommun\.example/log\n[1-9]}, 'under its name');

# the most private level

my $r = $t->get('/echo?pnr=19121212-1212&q=tak', cookie => 'a=1; pnr=x; ort=y',
    headers => ['X-Personnummer', '19121212-1212']);
my $echo = $r->json;
is_deeply($echo->{args}, [['q', 'tak']], 'what is not shared is taken out');
is_deeply($echo->{cookies}, { a => 1 }, 'of cookies too');
my %got = map { (lc $_->[0], $_->[1]) } @{$echo->{headers}};
is($got{'consent-level'}, 'needed', 'the portal is told the level');
ok(exists $got{'consent-assertion'}, 'with a signed statement');
ok(!exists $got{'x-personnummer'}, 'and without the identity');

$r = $t->get('/mina-sidor', headers => ['Accept', 'text/html']);
isnt($r->status, 200, 'my pages need more');
like($r->text, qr/Personnummer/, 'and say what');

is_deeply([map { /^(\w+)=/ } $t->get('/logga-in')->header('Set-Cookie')],
    ['JSESSIONID'], 'log-in leaves only what is necessary');

is($t->get('/bygglov/ansok')->status, 200, 'the form is open to everybody');
my $origin = 'http://127.0.0.1:' . $t->port(0);
my @browser = ('Accept', 'text/html', 'Origin', $origin,
    'Sec-Fetch-Site', 'same-origin', 'Sec-Fetch-Mode', 'navigate');
my @form = (headers => [@browser], form => [namn => 'Tolvan',
    personnummer => '19121212-1212',
    beskrivning => 'Min mor, 19121212-1212, bor granne']);

$r = $t->request('POST', '/bygglov/ansok', @form);
is($r->status, 403, 'a form with what is not shared is asked about');
like($r->text, qr/Innan vi skickar vidare.*<strong>Personnummer</s,
    'and the question names it');
like($r->text, qr/tel:\+4680000000/, 'and a person is there to turn to');

# what a browser sends when a button of that page is pressed
sub answer {
    my ($page, $button) = @_;
    my @fields = $page->text
        =~ /<input type="hidden" name="([^"]*)" value="([^"]*)">/g;
    s/&quot;/"/g, s/&amp;/&/g for @fields;
    return $t->request('POST', '/bygglov/ansok', headers => [@browser],
        form => [@fields, consent => $button]);
}

my $without = answer($r, 'without');
is($without->status, 303, 'sent without it, it arrives');
my $receipt = sub {
    return $t->get($_[0]->header('Location') =~ s{^https?://[^/]+}{}r)->text;
};
like($receipt->($without), qr/BYGG-2026-\d+.*Tolvan.*har inte skickats till oss/s,
    'with a receipt');
unlike($receipt->($without), qr/1212-1212/, 'that has no number');
like($receipt->($without), qr/\[personnummer 1\], bor granne/,
    'nor has the text');
like($receipt->(answer($r, 'once')), qr/19121212-1212.*19121212-1212, bor granne/s,
    'sent this time, all of it arrives');

my $seen = $t->get('/echo', headers => ['Accept', 'text/html'])->text;
like($seen, qr/19121212-1212.*\[personnummer 1\]/s,
    'and the page of what arrived shows both, the last one first');

is($t->request('POST', '/bygglov/ansok', headers => [@browser], form =>
    [namn => 'Tolvan', personnummer => '', beskrivning => 'Ett uterum'])
    ->status, 303, 'a form that holds nothing to ask about passes at once');

# the assistant

$r = $t->get('/assistent');
like($r->text, qr/data-consent="notice".*Du chattar med en AI/s,
    'the assistant says what it is');
$r = $t->get('/assistent/chat?fraga=uterum');
like($r->text, qr/data-consent="notice".*skapad av AI.*15 kvadratmeter/s,
    'and so do its answers');
like($r->header('AI-Disclosure'), qr/^mode=machine-generated, model="exempel-1", provider="Exempelkommun", /,
    'also to machines');
$r = $t->get('/assistent/chat?lang=fi&fraga=lumi',
    headers => ['Accept', 'application/json']);
like($r->json->{svar}, qr/aura/, 'a program gets JSON');
ok($r->header('AI-Disclosure'), 'that is marked in its headers');
$r = $t->request('POST', '/assistent/chat?lang=sv', headers => [@browser],
    form => [fraga => 'Jag är 19121212-1212. Får jag bygga ett uterum?']);
is($r->status, 200, 'a question with a number is answered at once');
like($r->text, qr/Du skrev 19121212-1212\. Jag fick.*15 kvadratmeter/s,
    'and she sees her own number in the answer');
like($t->get('/echo', headers => ['Accept', 'text/html'])->text,
    qr/Jag är \[personnummer 1\]\. Får jag/, 'but the assistant got a mask');
like($t->request('POST', '/assistent/chat?lang=en', headers =>
    ['Accept', 'application/json'], json => { messages => [{ role => 'user',
    content => 'Is 131052-308T allowed to build a garage?' }] })->json->{svar},
    qr/You wrote 131052-308T\. I got only/, 'so do programs');
is($t->get('/.privacy/human')->status, 200, 'the way to a human being');

# after a choice

my $cookie = $t->decide(level => 'forms');
is_deeply($t->get('/echo?pnr=1&ort=2', cookie => $cookie)->json->{args},
    [['pnr', 1]], 'the level shares what it says, and no more');
$r = $t->get('/mina-sidor', cookie => "$cookie; pnr=19121212-1212");
is($r->status, 200, 'my pages are open');
like($r->text, qr/Hej, 19121212-1212!/, 'and greet');
is(scalar(grep { /^(?:pnr|epost)=/ } $t->get('/logga-in', cookie => $cookie)
    ->header('Set-Cookie')), 2, 'log-in leaves its cookies');
like($t->get('/bygglov/ansok', cookie => "$cookie; pnr=19121212-1212")->text,
    qr/name="personnummer"[^>]* value="19121212-1212"/, 'forms are filled in');

$r = $t->request('POST', '/bygglov/ansok', @form, cookie => $cookie);
is($r->status, 303, 'a form passes once what it holds is shared');
like($receipt->($r), qr/19121212-1212, bor granne/, 'whole');

# the desk

is($t->request('POST', '/desk/inbox/requests', json => {})->status, 404,
    'nobody but the gateway puts something on the desk');

$r = $t->get('/.privacy/human?lang=sv');
my %hidden = $r->text =~ /<input type="hidden" name="([^"]*)" value="([^"]*)"/g;
$r = $t->request('POST', '/.privacy/human', headers => [@browser],
    cookie => join('; ', map { /^([^;]*)/ } $r->header('Set-Cookie')),
    form => [%hidden, topic => 'complaint', contact => '070-123 45 67 Kim']);
is($r->status, 303, 'a citizen asks to be contacted');
my $mine = $r->header('Location') =~ s{^https?://[^/]+}{}r;

my $desk = sub { $t->get('/desk')->text };
ok($t->wait_for(sub { $desk->() =~ /070-123 45 67 Kim/ }, 30),
    'and the desk has it');
my ($id) = $desk->() =~ /name="id" value="(\w+)"/;
is($t->request('POST', '/desk', headers => ['Sec-Fetch-Site', 'cross-site'],
    form => [id => $id, status => 'taken'])->status, 403,
    'another site does not click there');
is($t->request('POST', '/desk', form => [id => $id, status => 'taken',
    tag => 'KC-118'])->status, 303, 'somebody takes it');
like($t->get($mine)->text, qr/KC-118/, 'and she sees that');
is($t->request('POST', '/desk', form => [id => $id, status => 'closed'])
    ->status, 303, 'and closes it');
is($t->request('POST', '/desk', form => [id => $id, status => 'x'])->status,
    502, 'what the gateway does not take is said');

$t->decide(cookie => $cookie, level => 'needed');
ok($t->wait_for(sub { $desk->() =~ /Delar mindre: e-post och telefon, personnummer/
    || $desk->() =~ /Har slutat dela: e-post och telefon, personnummer/ }, 30),
    'the desk is told of what is not shared any more');

# the end

unlike($t->command('cat', glob($t->path('demo') . '/*/access.log')),
    qr/1212-1212/, 'its log tells on nobody');

is($demo->stop('INT'), 0, 'Ctrl-C ends it');
is_deeply([$demo->left], [], 'and nothing is left');

my $again = Consent::Test::Demo->start($t);
is($again->stop('TERM', $again->{pid}), 0, 'TERM to the script alone');
is_deeply([$again->left], [], 'and nothing is left');

# a port that is taken

my $taken = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1,
    LocalPort => $t->port(0), ReuseAddr => 1) or die $!;
ok(!eval { Consent::Test::Demo->start($t) }, 'a port in use');
like($@, qr/could not start on port/, 'is said');
is_deeply([glob($t->path('demo') . '/*')], [], 'and leaves nothing either');

done_testing;
