# The public page about AI: where it answers on this server, by the configuration in force; and the notices of chats and
# decisions, in all that they come in.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my %TYPE = (html => 'text/html', json => 'application/json', text => 'text/plain; charset=utf-8',
    stream => 'text/event-stream');
my %BODY = (html => '<!doctype html><html lang="sv"><body>hej</body></html>', json => '{"a":1}', text => 'hej',
    stream => qq(data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"hej"}}]}\n\n));

my $up = $t->upstream(sub {
    my ($what) = $_[0]->uri =~ m{/(\w+)(?:\?|$)};
    return { headers => ['Content-Type', $TYPE{$what}], body => $BODY{$what} };
});

$t->keys;
$t->policy;

my $servers = <<'EOT';
    %%CONSENT%%
    map $arg_ai $ai { default off; 1 on; chat chat; decision decision; auto auto; }
    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /assistant/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on model=m1 "provider=P AB"; consent_topic arg=t; }
        location /chat/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai chat; }
        location /decision/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai decision; }
        location /auto/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai auto; }
        location /varies/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai $ai; }
        location /off/ { consent off; consent_ai on; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

$t->run($servers . <<'EOT');
    server {
        listen 127.0.0.1:%%PORT_2%%;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $r = $t->get('/.privacy/ai', headers => ['Accept', 'application/json']);
is($r->header('Content-Type'), 'application/json', 'as JSON');
is_deeply([map { "$_->{path} $_->{kind} " . ($_->{mode} // '') } sort { $a->{path} cmp $b->{path} } @{$r->json->{places}}],
    ['/assistant/ on machine-generated', '/auto/ auto ', '/chat/ chat ', '/decision/ decision machine-generated',
    '/varies/ variable '], 'where AI answers, and nowhere else');
is($r->json->{principal}, 'Exempelkommun', 'on whose behalf');
is_deeply($r->json->{human_only_topics}, ['complaint', 'legal'], 'what only a person answers');
is($r->json->{human}{url}, '/.privacy/human', 'and where that is');
like($r->json->{marks}{html}, qr/notice/, 'how it is marked');

for (['sv', qr/AI skriver svaren här/, qr/på uppdrag av Exempelkommun/, qr/Vad bara en människa svarar på.*Klagomål/s, qr/Vad som inte märks/],
    ['fi', qr/Tekoäly/, qr/toimeksiantaja: Exempelkommun/, qr/Mihin vastaa vain ihminen/, qr/Mitä ei merkitä/],
    ['en', qr/AI writes the answers here/, qr/on behalf of Exempelkommun/, qr/What only a person answers/, qr/What is not marked/])
{
    my ($language, @says) = @$_;
    my $page = $t->get("/.privacy/ai?lang=$language")->text;
    like($page, $_, "$language: says so") for @says, qr{<strong>/assistant/</strong>}, qr{<strong>/varies/</strong>},
        qr/m1/, qr/P AB/, qr/tel:\+46/;
    unlike($page, qr{/off/}, "$language: not of what is off");
}

unlike($t->get('/.privacy/ai?lang=sv', port => 2)->text, qr{/assistant/}, 'another server says nothing of it');

# what chats and decisions say

for (['/chat/', qr/Du chattar med en AI/, undef], ['/decision/', qr/Beslutet är fattat automatiskt.*prövar/, 'machine-generated'],
    ['/varies/%s?ai=chat', qr/Du chattar med en AI/, undef], ['/varies/%s?ai=decision', qr/Beslutet är fattat automatiskt/,
    'machine-generated'])
{
    my ($uri, $notice, $mode) = @$_;

    for my $what (qw(html json text stream)) {
        $r = $t->get($uri =~ /%s/ ? sprintf $uri, $what : $uri . $what);
        my $text = $r->text =~ s/\\u([0-9a-f]{4})/chr hex $1/ger;
        my $claims = defined $mode;
        $text =~ s/&#x([0-9a-f]+);/chr hex $1/ge;

        is(($r->header('AI-Disclosure') // '') =~ /^mode=([\w-]+)/ ? $1 : undef, $mode, "$uri$what: the header");

        # of a page that hosts a chat people are told; of what people wrote otherwise nothing is claimed
        if ($claims || $what eq 'html') {
            like($text, $notice, "$uri$what: the notice of its kind");
            unlike($text, qr/Texten är skapad/, "$uri$what: no other");
        }
    }
}

like($t->get('/chat/html')->text, qr/<aside data-consent="notice"/, 'a chat\'s page has the notice');
unlike($t->get('/chat/html')->text, qr/name="ai-disclosure"/, 'and claims nothing of itself');
like($t->get('/chat/stream')->text =~ s/\\u([0-9a-f]{4})/chr hex $1/ger, qr/Du chattar med en AI.*hej/s,
    'what the chat says begins with it');

done_testing;
