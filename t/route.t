# What the policy leaves to people goes to a person and never to the AI, whole but for what may not pass; so does what a
# citizen asks who has chosen that only a person answers.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $ai = $t->upstream({ headers => ['Content-Type', 'application/json'], body => '{"answer":"from the machine"}' });
my $desk = $t->upstream({ headers => ['Content-Type', 'text/plain'], body => "from a person" }, port => 2);

$t->keys;

# what is asked is looked into by others; the topic is this test's
$t->policy(sub { delete @{$_->{carriers}}{qw(fields json text)} for @{$_[0]{categories}} });

$t->run(<<'EOT');
    %%CONSENT%%
    map $http_x_about $about { default $http_x_about; ~^secret legal; }

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        client_body_buffer_size 1k;
        consent_human_route @desk;
        consent_topic $about arg=topic header=X-Topic field=topic json=$..topic;

        location / { consent_ai on; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /chat/ { consent_ai chat; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /decision/ { consent_ai decision; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /auto/ { consent_ai auto; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /people/ { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /stream/ {
            consent_ai on;
            proxy_request_buffering off;
            proxy_http_version 1.1;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }
        location @desk { proxy_pass http://127.0.0.1:%%PORT_2%%; }
        location @back { return 302 /; }
        location /.privacy/ { consent_pages; }
    }

    server {
        listen 127.0.0.1:%%PORT_3%%;
        consent report;
        consent_human_route @desk;
        consent_topic arg=topic;
        location / { consent_ai on; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location @desk { proxy_pass http://127.0.0.1:%%PORT_2%%; }
        location /.privacy/ { consent_pages; }
    }

    server {
        listen 127.0.0.1:%%PORT_4%%;
        consent on;
        consent_human_route @desk;
        consent_topic arg=topic;
        location / { consent_ai on; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location @desk { error_page 418 = /machine; return 418; }
        location /machine { consent_ai on; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $who;

sub asked {
    my ($what, $to, $method, $uri, %o) = @_;

    $_->clear for $ai, $desk;
    my $r = $t->request($method, $uri, %o);
    is(scalar($ai->requests), $to eq 'ai' ? 1 : 0, "$what: " . ($to eq 'ai' ? 'the AI is asked' : 'no AI hears of it'));
    is(scalar($desk->requests), $to eq 'desk' ? 1 : 0, "$what: a person is" . ($to eq 'desk' ? '' : ' not'));
    $who = $to eq 'ai' ? $ai : $desk;

    return $r;
}

my $r = asked('nothing said', 'ai', 'GET', '/');
like($r->header('AI-Disclosure'), qr/machine-generated/, 'which is marked');

$r = asked('an argument', 'desk', 'GET', '/x?a=1&topic=complaint');
is($r->status, 200, 'a person has answered');
is($r->body, 'from a person', 'in his own words');
is($r->header('AI-Disclosure'), undef, 'which nothing calls an AI\'s');
is($r->header('X-AI-Generated'), undef, 'in any header');
like($r->header('Link'), qr/rel="help"/, 'and shows the way to a person');
is($who->last->uri, '/x?a=1&topic=complaint', 'the question came whole');
is($who->last->header('Consent-Level'), 'needed', 'with what is in force');

asked('another topic', 'ai', 'GET', '/?topic=general');
asked('one that nobody knows', 'ai', 'GET', '/?topic=Complaint');
asked('twice', 'desk', 'GET', '/?topic=general&topic=legal');
asked('escaped', 'desk', 'GET', '/?TOPIC[]=%63omplaint');
asked('a header', 'desk', 'GET', '/', headers => ['x-topic', 'legal']);
asked('two lines of it', 'desk', 'GET', '/', headers => ['X-Topic', 'general', 'X-Topic', 'legal']);
asked('a variable', 'desk', 'GET', '/', headers => ['X-About', 'secret matter']);
asked('a field', 'desk', 'POST', '/', form => [a => 'b', topic => 'complaint']);
is($who->last->body, 'a=b&topic=complaint', 'with the body');
asked('JSON', 'desk', 'POST', '/', body => '{"metadata":{"topic":"complaint"},"messages":[]}',
    headers => ['Content-Type', 'application/json']);
asked('JSON in chunks', 'desk', 'POST', '/', chunked => ['{"top', 'ic":"com', 'plaint"}'],
    headers => ['Content-Type', 'application/json']);
is($who->last->body, '{"topic":"complaint"}', 'put together');
asked('JSON of another topic', 'ai', 'POST', '/', body => '{"topic":"general","text":"complaint"}');
is($who->last->body, '{"topic":"general","text":"complaint"}', 'as it was');
asked('no JSON', 'ai', 'POST', '/', body => '{"topic');

my $multipart = join "\r\n", '--b', 'Content-Disposition: form-data; name="file"; filename="x"', '', 'x' x 3000, '--b',
    'Content-Disposition: form-data; name="topic"', '', 'legal', '--b--', '';
asked('a form with a file', 'desk', 'POST', '/', body => $multipart,
    headers => ['Content-Type', 'multipart/form-data; boundary=b']);
is($who->last->body, $multipart, 'with it');

# long ones are in files, and without buffering they are still to come

for my $path ('/', '/stream/') {
    my $long = '{"topic":"complaint","text":"' . 'x' x 300_000 . '"}';
    asked("$path 300 KB", 'desk', 'POST', $path, body => $long);
    is($who->last->body, $long, "$path: all of it");
    asked("$path 300 KB for a machine", 'ai', 'POST', $path, body => $long =~ s/complaint/general/r);
    is(length $who->last->body, length($long) - 2, "$path: all of that");
    asked("$path in chunks", 'desk', 'POST', $path, chunked => [unpack '(a5000)*', $long]);
    is($who->last->body, $long, "$path: all of it again");
}

# whose topic it is, and where

asked('a chat', 'desk', 'GET', '/chat/?topic=legal');
asked('a decision', 'desk', 'GET', '/decision/?topic=legal');
asked('where the upstream marks itself', 'desk', 'GET', '/auto/?topic=legal');

$_->clear for $ai, $desk;
is($t->get('/people/?topic=legal')->status, 200, 'where no AI answers');
is(scalar($ai->requests), 1, 'nothing is sent elsewhere');

# a citizen who wants people

my $cookie = $t->decide(level => 'needed', ai => 'none');
asked("only a person: $_", 'desk', 'GET', $_, cookie => $cookie) for '/', '/chat/', '/decision/';
asked('only a person, but the pages are people\'s own', 'ai', 'GET', '/auto/', cookie => $cookie);
asked('another choice', 'ai', 'GET', '/', cookie => $t->decide(level => 'needed', ai => 'own'));

# two requests of one connection

my $c = $t->connect;
is($c->request('POST', '/', form => [topic => 'complaint'])->body, 'from a person', 'a connection goes on');
is($c->request('GET', '/')->json->{answer}, 'from the machine', 'behind it');
is($c->request('POST', '/', form => [topic => 'legal', x => 'y' x 9000])->body, 'from a person', 'and again');
$c->close;


# under report nothing changes

$_->clear for $ai, $desk;
$t->get('/?topic=legal', port => 3);
is(scalar($ai->requests), 1, 'report: nothing is sent elsewhere');

# a person's location that sends it back to a machine

$_->clear for $ai, $desk;
$r = $t->get('/?topic=legal', port => 4, headers => ['Accept', 'text/html']);
is(scalar($ai->requests), 0, 'there is no way back to the AI');
like($r->text, qr/En människa|människa tar|tar en människa hand om/, 'our page shows the way to a person');

$t->quit;
my $log = $t->run_ctl('log', 'show', $t->path('store'), '--type', 'handoff', '--json');
like($log, qr/"channel":"route".*"status":"routed".*"topic":"complaint"/, 'the log has it');
like($log, qr/"status":"routed".*"topic":null/, 'without a topic where it was her choice');
like($log, qr/"channel":"page".*"status":"offered"/, 'and what our page has offered');
unlike($log, qr/secret/, 'in the policy\'s words');
like($t->run_ctl('log', 'show', $t->path('store'), '--type', 'config', '--json'),
    qr/"route":"\@desk".*"topic":\["\$about","arg=topic","header=X-Topic","field=topic","json=\$..topic"\]/,
    'which way things go is in the log');

done_testing;
