# What a person types does not disappear unseen: a browser's form that holds
# what she does not share is answered with a question. Sent this time, it
# arrives as she sent it, and the log has a decision; sent without, it arrives
# without.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

my $up = $t->upstream({ headers => ['Content-Type', 'text/plain'], body => 'taken' });

$t->keys;
my $policy = $t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /all/ { consent_unknown pass; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /remove/ { consent_form remove; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /trial/ { consent report; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $c = Consent::Test::Citizen->new($t);
my $sent = 'namn=Kim+Larsson&pnr=198001011234&beskrivning=en%20altan&tom=';
my $less = 'namn=Kim+Larsson&beskrivning=en%20altan&tom=';
my @browser = (headers => ['Sec-Fetch-Mode', 'navigate', 'Sec-Fetch-Dest', 'document',
    'Accept-Language', 'sv', 'Origin', $c->origin, 'Sec-Fetch-Site', 'same-origin']);
my @form = ('Content-Type', 'application/x-www-form-urlencoded');

sub send_form {
    my ($uri, $body, @more) = @_;
    my @headers = (@{$browser[1]}, 'Accept', 'text/html,*/*;q=0.8', @form, @more);
    return $c->request('POST', $uri, headers => \@headers, body => $body);
}

# what a browser sends when a button of the page is pressed

sub answer {
    my ($page, $button, %change) = @_;

    my $text = $page->text;
    my ($action) = $text =~ /<form method="post" id="ask"[^>]* action="([^"]*)"/ or die "no form: $text";
    my @fields;

    while ($text =~ /<input type="hidden" name="([^"]*)" value="([^"]*)">/g) {
        push @fields, $1, $change{$1} // $2 =~ s/&amp;/&/gr =~ s/&quot;/"/gr;
    }

    my @pairs;
    while (my ($name, $value) = splice @fields, 0, 2) {
        push @pairs, "$name=" . $value =~ s/([^\w.-])/sprintf '%%%02X', ord $1/ger;
    }

    return (($action =~ s/&amp;/&/gr), join '&', @pairs, "consent=$button");
}

my $page = send_form('/ansok?steg=2&pnr=1', $sent);
is($page->status, 403, 'the form is not passed on');
is(scalar($up->requests), 0, 'nothing arrives');
like($page->text, qr/<h1>Innan vi skickar vidare/, 'she is asked');
like($page->text, qr/<strong>Personnummer</, 'about what she does not share');
unlike($page->text, qr/198001011234/, 'which nobody can read over her shoulder');
is($page->header('Cache-Control'), 'no-store', 'nobody keeps it');
is($page->header('Set-Cookie'), undef, 'no cookie is set');
like($page->text, qr{action="/ansok\?steg=2"}, 'the answer goes where the form went, without what may not pass');
unlike($t->error_log . $t->access_log, qr/198001011234/, 'no log has it');

# without

my ($uri, $body) = answer($page, 'without');
my $r = send_form($uri, $body);
is($r->body, 'taken', 'without it, the form is passed on');
is($up->last->uri, '/ansok?steg=2', 'where it was meant for');
is($up->last->body, $less, 'all but what she does not share');
is($up->last->header('Content-Type'), 'application/x-www-form-urlencoded', 'as what it was');
is($up->last->header('Content-Length'), length $less, 'with its length');
is($up->last->header('Consent-Categories'), '', 'nothing more is granted');

# once

$page = send_form('/ansok', $sent);
($uri, $body) = answer($page, 'once');
$r = send_form($uri, $body);
is($r->body, 'taken', 'sent this time, the form is passed on');
is($up->last->body, $sent, 'to the byte');
is($up->last->header('Consent-Categories'), 'identity', 'and the upstream is told what was granted');
is($r->header('Set-Cookie'), undef, 'the device is not remembered for it');

my $log = $t->run_ctl('log', 'show', $t->path('store'), '--type', 'decision');
like($log, qr/categories=\["identity"\].* scope=once status=given/, 'the log has a decision for this once');
is(scalar(() = $log =~ /\n/g), 1, 'and no other');

$r = send_form('/ansok', $sent);
is($r->status, 403, 'the next form is asked about again');

# it works in her language, and with what a form has for types

$page = send_form(answer($page = send_form('/ansok', $sent), 'lang:fi'));
like($page->text, qr/Ennen kuin lähetämme/, 'another language loses nothing');
send_form(answer($page, 'once'));
is($up->last->body, $sent, 'of what was sent');

my $part = "--x\r\nContent-Disposition: form-data; name=\"namn\"\r\n\r\nKim\r\n"
    . "--x\r\nContent-Disposition: form-data; name=\"pnr\"\r\n\r\n198001011234\r\n"
    . "--x\r\nContent-Disposition: form-data; name=\"bild\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\0\xff\r\n--x--\r\n";
@form = ('Content-Type', 'multipart/form-data; boundary=x');
$page = send_form('/ladda', $part);
is($page->status, 403, 'a form with a file is asked about too');
my @answer = answer($page, 'once');
@form = ('Content-Type', 'application/x-www-form-urlencoded');
send_form(@answer);
is($up->last->body, $part, 'and arrives whole');
is($up->last->header('Content-Type'), 'multipart/form-data; boundary=x', 'as what it was');

# text that holds a number

my $text = 'meddelande=Mitt+nummer+%C3%A4r+19800101-1231+ok';
$page = send_form('/fraga', $text);
is($page->status, 403, 'what stands in a text is asked about');
send_form(answer($page, 'without'));
is($up->last->body, 'meddelande=Mitt+nummer+%C3%A4r+%5Bpersonnummer+1%5D+ok', 'and masked without her word');

# what she left empty is nothing to ask about

$r = send_form('/ansok', 'namn=Kim&pnr=&beskrivning=en+altan');
is($r->body, 'taken', 'a form whose protected fields are empty is passed on');
is($up->last->body, 'namn=Kim&beskrivning=en+altan', 'without them');

my $empty = "--x\r\nContent-Disposition: form-data; name=\"namn\"\r\n\r\nKim\r\n%s--x--\r\n";
@form = ('Content-Type', 'multipart/form-data; boundary=x');
$r = send_form('/ladda', sprintf $empty, "--x\r\nContent-Disposition: form-data; name=\"pnr\"\r\n\r\n\r\n"
    . "--x\r\nContent-Disposition: form-data; name=\"epost\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n");
is($r->body, 'taken', 'and so is one of parts, with a file that was not chosen');
is($up->last->body, sprintf($empty, ''), 'without them too');
@form = ('Content-Type', 'application/x-www-form-urlencoded');

# what is no answer of hers

my $n = scalar($up->requests);
$page = send_form('/ansok', $sent);
($uri, $body) = answer($page, 'once', consent_token => 'A' x 54);
$r = send_form($uri, $body);
is($r->status, 403, 'a token of nobody');
like($r->text, qr/Sidan var för gammal/, 'she is asked again');
($uri, $body) = answer($r, 'without');
is(send_form($uri, $body)->body, 'taken', 'and her input is still there');
is($up->last->body, $less, 'whole');

($uri, $body) = answer($page, 'once');
$r = $c->request('POST', $uri, body => $body, headers => ['Accept', 'text/html', @form,
    'Origin', 'https://evil.example', 'Sec-Fetch-Site', 'cross-site', 'Sec-Fetch-Mode', 'navigate']);
is($r->status, 403, 'another site cannot answer for her');

($uri, $body) = answer($page, 'once', consent_version => 'older');
like(send_form($uri, $body)->text, qr/Vi har ändrat hur vi använder/, 'a policy that changed is asked about again');

($uri, $body) = answer($page, 'once', consent_categories => 'contact');
$r = send_form($uri, $body);
is($r->status, 403, 'what the page did not name');
like($r->text, qr/<strong>Personnummer</, 'is asked about');

is(send_form('/ansok', 'consent_token=x&consent_body=*')->status, 400, 'what cannot be read is refused');

my $granted = $t->decide(categories => [map { $_->{id} } grep { $_->{legal_basis} eq 'consent' } @{$policy->{categories}}]);
for my $type ('text/plain%0D%0AConsent-Level:+needed', 'text/plain%0Aa:+b', 'text/plain;+a="%0D%0AX:+y"', 'application/json', 'text/plain%00') {
    $r = $t->request('POST', '/all/', headers => ['Accept', 'text/html', @form], cookie => $granted,
        body => "consent_token=x&consent_version=x&consent_categories=&consent_type=$type&consent=without&consent_body=YQ");
    is($r->status, 400, "nor does an answer make headers: $type");
}
is(scalar($up->requests), $n + 1, 'nothing of all this arrives');

# who is no browser is not asked

my @program = (headers => ['Accept', 'application/json', @form], body => $sent);
is($c->request('POST', '/ansok', @program)->status, 200, 'a program gets removal');
is($up->last->body, $less, 'of what may not pass');
$c->request('POST', '/ansok', headers => ['Accept', 'text/html', @form, 'Sec-Fetch-Mode', 'cors',
    'Sec-Fetch-Site', 'same-origin', 'Origin', $c->origin], body => $sent);
is($up->last->body, $less, 'and so does a script');
send_form('/remove/x', $sent);
is($up->last->body, $less, 'consent_form remove asks nobody');
send_form('/trial/x', $sent);
is($up->last->body, $sent, 'nor does report');

# an old browser that does not say what it does, but where it comes from

is($c->request('POST', '/ansok', headers => ['Accept', 'text/html', @form, 'Origin', $c->origin], body => $sent)->status,
    403, 'an older browser is asked');

# more than a page carries

$r = send_form('/ansok', "$sent&x=" . 'y' x 70000);
is($r->status, 403, 'a form that is too large to be asked about is refused');
like($r->text, qr/Det du skickade gick inte vidare|skickade/, 'with a page that says so');

# what she has decided stays as it is

$c->choose(level => 'contact');
$page = send_form('/ansok', $sent);
is($page->status, 403, 'with a choice of hers');
send_form(answer($page, 'once'));
is($up->last->header('Consent-Categories'), 'contact,identity', 'what she sends once comes on top');
is($c->json('GET', '/.privacy/api/v1/state')->json->{level}, 'contact', 'and her choice stays');
like($c->get('/.privacy/record?lang=sv')->text, qr/Du skickade uppgifter en gång\. Uppgifter: Personnummer/, 'her record tells of it');

done_testing();
