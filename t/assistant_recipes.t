# The configuration of docs/assistants.md, as it is printed: a citizen's level and choice decide which machine answers
# her, nothing else does, and what is said of an answer is true of the machine that gave it.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $CHUNK = '{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hej"},"finish_reason":null}]}';

my %machine = map { ($_->[0] => $t->upstream({ headers => ['Content-Type', 'text/event-stream'],
    body => "data: $CHUNK\n\ndata: [DONE]\n\n" }, port => $_->[1])) } ['own', 1], ['cloud', 2];
my $portal = $t->upstream({ headers => ['Content-Type', 'text/html'],
    body => '<!doctype html><html lang="sv"><head><title>A</title></head><body><p>Fråga</p></body></html>' }, port => 3);

$t->keys;

# what a chat is asked is no matter of this test
$t->policy(sub { delete @{$_->{carriers}}{qw(fields json text)} for @{$_[0]{categories}} });

open my $f, '<:encoding(UTF-8)', "$Consent::Test::ROOT/docs/assistants.md" or die "docs/assistants.md: $!\n";
my ($page, $http, @server) = join('', <$f>) =~ /^```nginx\n(.*?)^```/msg;
is(@server, 1, 'there are three recipes');

s{server 10\.0\.0\.5:8000}{server 127.0.0.1:%%PORT_1%%}, s{server llm\.example\.com:443}{server 127.0.0.1:%%PORT_2%%} for $http;
s{https://assistant_cloud}{http://assistant_cloud} for @server;
s{http://portal}{http://127.0.0.1:%%PORT_3%%} for $page;

my ($mistake) = $http =~ s/\$assistant \{/\$mistake {/r =~ s/default +own/default cloud/r =~ /^(map .*?^\})/ms;
my ($wrong) = join('', @server) =~ s/\$assistant\b/\$mistake/r;

$t->run(<<"EOT");
    %%CONSENT%%
    $http
    $mistake
    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        $page
        @server
        location /.privacy/ { consent_pages; }
    }

    server {
        listen 127.0.0.1:%%PORT_4%%;
        consent on;
        $wrong
        location /.privacy/ { consent_pages; }
    }
EOT

like($t->get('/assistant.html')->body, qr/data-consent="notice"/, 'the page says that one chats with a machine');

sub ask {
    my ($cookie, %o) = @_;

    $_->clear for values %machine;
    my $r = $t->request('POST', $o{path} // '/assistant/chat/completions', cookie => [$cookie // (), 'session=1'],
        headers => $o{headers} // [], json => { messages => [{ role => 'user', content => 'Hej' }], stream => 1 });
    my ($who) = grep { $machine{$_}->requests } sort keys %machine;

    return ($r, $who // '');
}

my ($r, $who) = ask();
is($who, 'own', 'who has decided nothing is answered by our own machine');

for (['needed', 'own', 'own'], ['needed', 'any', 'own'], ['forms', 'any', 'own'], ['fitted', 'own', 'own'],
    ['fitted', 'any', 'cloud'], ['fitted', 'none', ''], ['needed', 'none', ''])
{
    my ($level, $ai, $expected) = @$_;
    my $cookie = $t->decide(level => $level, ai => $ai);

    ($r, $who) = ask($cookie);
    is($who, $expected, "$level, AI $ai: " . ($expected || 'a person'));

    if (!$expected) {
        is($r->status, 303, 'she is sent there');
        like($r->header('Location'), qr{/\.privacy/human$}, 'where persons are');
        next;
    }

    my ($provider, $model) = $expected eq 'own' ? ('Exempelkommun', 'gpt-oss-120b') : ('Example AI Ltd', 'gpt-6');
    like($r->header('AI-Disclosure'), qr/model="\Q$model\E", provider="\Q$provider\E"/, 'its answer says whose it is');
    like($r->body, qr/"provider":"\Q$provider\E".*Hej/s, 'also in the stream');
    is($machine{$expected}->last->uri, '/v1/chat/completions', 'it is asked at its own address');
}

# what a cloud is sent

my $cookie = $t->decide(level => 'fitted', ai => 'any');
($r, $who) = ask($cookie);
is($machine{cloud}->last->header('Cookie'), undef, 'no cookie goes to the cloud');
is($machine{cloud}->last->header('Authorization'), 'Bearer KEY', 'its key does');

# no way round

for ('/.assistant/cloud/chat/completions', '/assistant/../.assistant/cloud/chat/completions',
    '/assistant/%2e%2e/%2eassistant/cloud/x')
{
    ($r, $who) = ask($t->decide(level => 'needed', ai => 'own'), path => $_);
    is($who, '', "$_ asks nobody");
    is($r->status, 404, 'for there is no such address');
}

($r, $who) = ask($cookie, headers => ['Sec-GPC', '1']);
isnt($r->header('Consent-Level'), 'fitted', 'a signal lowers her level');
is($who, 'own', 'which leads away from the cloud');

# the second lock

$_->clear for values %machine;
$r = $t->request('POST', '/assistant/chat/completions', port => 4, cookie => $t->decide(level => 'forms', ai => 'any'),
    headers => ['Accept', 'application/json'], json => { messages => [] });
is($r->status, 403, 'a mistake in the map opens nothing');
is(scalar $machine{cloud}->requests, 0, 'nor asks the cloud');

done_testing;
